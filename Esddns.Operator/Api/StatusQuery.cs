using System.Globalization;
using Esddns.Contracts;
using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Text;
using Microsoft.AspNetCore.Http.Extensions;

namespace Esddns.Operator.Api;

/// <summary>The parameters of <c>GET /status</c>, which select records. Other parameters are ignored.</summary>
/// <param name="Name">The FQDN of the records; with a leading dot, all names below it. Null for all names.</param>
/// <param name="States">The statuses of the records; empty for all.</param>
/// <param name="Limit">The maximum number of records; null for all.</param>
/// <param name="After">The last record of the page before; null for the first page.</param>
internal sealed record StatusQuery(string? Name, IReadOnlySet<SyncStatus> States, int? Limit, RecordId? After)
{
    /// <summary>Reads the parameters.</summary>
    /// <returns>The parameters; null and the mistake in one line when one is not valid.</returns>
    public static StatusQuery? Read(IQueryCollection query, out string? mistake)
    {
        mistake = null;
        string? name = null;
        int? limit = null;
        RecordId? after = null;
        var states = new HashSet<SyncStatus>();
        if (Value("name") is { } wanted && !TryName(wanted, out name))
            mistake = $"name={wanted}: expected an FQDN, or a dot and an FQDN for all names below it";
        if (Value("limit") is { } number)
        {
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0)
                limit = most;
            else
                mistake = $"limit={number}: expected a whole number from 1 to {int.MaxValue}";
        }

        if (Value("continue") is { } place)
        {
            after = RecordOf(place);
            if (after is null)
                mistake = $"continue={place}: expected the value of the Link header of the page before";
        }

        foreach (var text in query["state"].SelectMany(s => (s ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            if (
                Enum.TryParse<SyncStatus>(text, ignoreCase: true, out var state)
                && Enum.IsDefined(state)
                && char.IsLetter(text[0])
            )
                states.Add(state);
            else
                mistake = $"state={text}: expected one of {string.Join(", ", Enum.GetNames<SyncStatus>())}";
        }

        // The text of the client is in the answer.
        mistake = mistake is null ? null : UntrustedText.Clean(mistake);
        return mistake is null ? new StatusQuery(name, states, limit, after) : null;

        string? Value(string parameter) => query.TryGetValue(parameter, out var values) ? values.ToString() : null;
    }

    /// <summary>The status with the selected records. All other fields are those of the whole.</summary>
    /// <param name="snapshot">The whole snapshot.</param>
    /// <param name="next">The value of <c>continue</c> for the next page; null on the last page.</param>
    /// <returns>The status; null when the last record of the page before does not exist any more.</returns>
    public StatusDocument? Select(Snapshot snapshot, out string? next)
    {
        next = null;
        if (After is { } after && snapshot.Records[after] is null)
            return null;
        var page = new List<RecordState>();
        var rest = After is null ? snapshot.Records : snapshot.Records.SkipWhile(r => r.Id != After).Skip(1);
        foreach (var record in rest.Where(IsSelected))
        {
            if (page.Count == Limit)
            {
                next = $"{page[^1].Fqdn}/{page[^1].Type}";
                break;
            }

            page.Add(record);
        }

        var selected = snapshot with { Records = RecordStates.Of(page) };
        return selected.ToStatus() with { InSync = snapshot.InSync };
    }

    /// <summary>The parameters for a later page.</summary>
    public string Following(string next)
    {
        var query = new QueryBuilder();
        if (Name is not null)
            query.Add("name", Name);
        if (States.Count > 0)
            query.Add("state", string.Join(',', States));
        if (Limit is { } limit)
            query.Add("limit", limit.ToString(CultureInfo.InvariantCulture));
        query.Add("continue", next);
        return query.ToString();
    }

    private bool IsSelected(RecordState record) =>
        (States.Count == 0 || States.Contains(record.State)) && (Name is null || IsNamed(record.Fqdn.ToString(), Name));

    private static bool IsNamed(string fqdn, string name) =>
        name[0] == '.' ? fqdn.EndsWith(name, StringComparison.Ordinal) : fqdn == name;

    private static bool TryName(string text, out string? name)
    {
        var isSuffix = text.StartsWith('.');
        name = Fqdn.TryParse(isSuffix ? text[1..] : text, null, out var fqdn) ? (isSuffix ? "." : "") + fqdn : null;
        return name is not null;
    }

    private static RecordId? RecordOf(string text) =>
        text.Split('/') is [var name, var type] && RecordId.TryParse(name, type, out var id) ? id : null;
}
