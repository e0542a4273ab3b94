using System.Globalization;
using Esddns.Contracts;
using Esddns.Web.Status;
using Microsoft.AspNetCore.Http.Extensions;

namespace Esddns.Web.Api;

/// <summary>The parameters of <c>/api/v1/records</c>.</summary>
/// <param name="Name">A part of the name; null for all records.</param>
/// <param name="States">The states, sorted; empty for all records.</param>
/// <param name="Limit">The maximum number of records of a page.</param>
/// <param name="After">The identity of the last record of the page before; null for the first page.</param>
internal sealed record RecordQuery(string? Name, string[] States, int Limit, string? After)
{
    /// <summary>The path of the list.</summary>
    public const string Path = "/api/v1/records";

    /// <summary>The maximum length of a name in ASCII (RFC 1035, section 2.3.4).</summary>
    private const int MaxName = 253;

    private static readonly string[] s_states =
    [
        "Pending",
        StatusExtensions.UpToDate,
        StatusExtensions.Skipped,
        "LeftAlone",
        "Failed",
        "Unknown",
    ];

    /// <summary>Reads the parameters; null and the mistake in one line if one is not valid.</summary>
    public static RecordQuery? Read(string? name, string? state, string? limit, string? after, out string? mistake)
    {
        mistake = null;
        if (name?.Length > MaxName)
            mistake = $"name: expected at most {MaxName} characters";
        if (after?.Contains('/') == false)
            mistake = $"after={after}: expected the value of next of the page before";
        var states = new SortedSet<string>(StringComparer.Ordinal);
        const StringSplitOptions parts = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (var text in (state ?? "").Split(',', parts))
        {
            if (Array.Find(s_states, s => s.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known)
                states.Add(known);
            else
                mistake = $"state={text}: expected one of {string.Join(", ", s_states)}";
        }

        var most = Parameters.Limit(limit, ref mistake);
        return mistake is null
            ? new RecordQuery(string.IsNullOrEmpty(name) ? null : name, [.. states], most ?? 0, after)
            : null;
    }

    /// <summary>The path with the parameters in one spelling.</summary>
    /// <param name="after">The identity of the last record of the page before; null for the first page.</param>
    public string Address(string? after)
    {
        var query = new QueryBuilder();
        if (Name is not null)
            query.Add("name", Name);
        if (States.Length > 0)
            query.Add("state", string.Join(',', States));
        query.Add("limit", Limit.ToString(CultureInfo.InvariantCulture));
        if (after is not null)
            query.Add("after", after);
        return Path + query.ToString();
    }

    /// <summary>Selects the page.</summary>
    /// <returns>The page; null if the last record of the page before does not exist any more.</returns>
    public RecordPage? Select(CachedStatus cached, RecordStatus[] records)
    {
        var begin = After is null ? 0 : Array.FindIndex(records, r => r.Id == After) + 1;
        if (After is not null && begin == 0)
            return null;
        var page = new List<RecordDocument>();
        var (total, next) = (0, (string?)null);
        for (var i = 0; i < records.Length; i++)
        {
            if (!IsSelected(records[i]))
                continue;
            total++;
            if (i < begin)
                continue;
            if (page.Count < Limit)
                page.Add(RecordDocument.Of(records[i]));
            else
                next ??= $"{page[^1].Fqdn}/{page[^1].Type}";
        }

        return new RecordPage(cached.Freshness, total, [.. page], next);
    }

    private bool IsSelected(RecordStatus record) =>
        (States.Length == 0 || States.Contains(record.StateOrUnknown)) && (Name is null || record.HasInName(Name));
}
