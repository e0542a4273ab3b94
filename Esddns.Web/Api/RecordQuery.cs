using System.Globalization;
using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Api;

/// <summary>The parameters that select records. Other parameters are ignored.</summary>
/// <param name="Name">A part of the name in lower case, in ASCII or Unicode; empty for all names.</param>
/// <param name="State">The state; null for all states.</param>
/// <param name="Limit">The maximum number of records on a page.</param>
/// <param name="After">The name and type of the last record of the page before; null for the first page.</param>
internal sealed record RecordQuery(string Name, string? State, int Limit, (string Fqdn, string Type)? After)
{
    /// <summary>The states that can be selected.</summary>
    public static readonly string[] States =
    [
        StatusExtensions.UpToDate,
        StatusExtensions.Skipped,
        "Pending",
        "LeftAlone",
        "Failed",
        "Unknown",
    ];

    private static readonly IdnMapping s_idn = new();

    /// <summary>The same query in one form, for the key of a prepared body.</summary>
    public string Key => $"{Name} {State} {Limit} {After}";

    /// <summary>Reads the parameters.</summary>
    /// <returns>The query; null and the mistake in one line when a parameter is not valid.</returns>
    public static RecordQuery? Read(IQueryCollection query, out string? mistake)
    {
        var (name, state, after) = (query["name"].ToString(), query["state"].ToString(), query["after"].ToString());
        var known = Array.Find(States, s => s.Equals(state, StringComparison.OrdinalIgnoreCase));
        if (ListLimit.Read(query, out mistake) is not { } limit)
            return null;
        var slash = after.LastIndexOf('/');
        mistake =
            query["name"].Count > 1 || name.Length > 255 ? "name: expected a part of a name, of at most 255 characters"
            : state.Length > 0 && known is null ? $"state: expected one of {string.Join(", ", States)}"
            : after.Length > 0 && slash < 0 ? "after: expected the value of 'next' of the page before"
            : null;
        (string, string)? last = slash < 0 ? null : (after[..slash], after[(slash + 1)..]);
        return mistake is null ? new RecordQuery(name.Trim().ToLowerInvariant(), known, limit, last) : null;
    }

    /// <summary>
    /// The name in the form of the operator: A-labels in lower case, without final dot (RFC 5891). Text that is not a
    /// name is only lowered: nothing matches it.
    /// </summary>
    public static string ToAscii(string name)
    {
        var lower = name.Trim().TrimEnd('.').ToLowerInvariant();
        try
        {
            return System.Text.Ascii.IsValid(lower) ? lower : s_idn.GetAscii(lower);
        }
        catch (ArgumentException)
        {
            return lower;
        }
    }

    /// <summary>Selects the records of a page.</summary>
    /// <returns>The page, the number of records on all pages, and whether a page follows. No page when the last record
    /// of the page before is not declared any more. It may have another state by now.</returns>
    public (RecordStatus[]? Page, int Total, bool HasNext) Select(RecordStatus[] all)
    {
        var last = After is var (fqdn, type) ? IndexOf(all, fqdn, type) : -1;
        if (After is not null && last < 0)
            return (null, 0, false);
        var before = all.Take(last + 1).Count(IsSelected);
        var rest = Array.FindAll(all[(last + 1)..], IsSelected);
        return ([.. rest.Take(Limit)], before + rest.Length, rest.Length > Limit);
    }

    /// <summary>The name and type of a route with <c>fqdn</c> and <c>type</c>, in the form of the operator.</summary>
    public static (string Fqdn, string Type) OfRoute(RouteValueDictionary route) =>
        (ToAscii($"{route["fqdn"]}"), $"{route["type"]}".ToUpperInvariant());

    /// <summary>Finds a record; null if there is none.</summary>
    public static RecordStatus? Find(StatusDocument status, string fqdn, string type) =>
        IndexOf(status.Records, fqdn, type) is var index and >= 0 ? status.Records[index] : null;

    /// <summary>The key of a record, for <see cref="After"/>.</summary>
    public static string KeyOf(RecordStatus record) => $"{record.Fqdn}/{record.RecordType}";

    private bool IsSelected(RecordStatus record) =>
        (State is null || record.StateOrUnknown == State) && (Name.Length == 0 || record.HasInName(Name));

    private static int IndexOf(RecordStatus[] records, string fqdn, string type) =>
        Array.FindIndex(records, r => r.Fqdn == fqdn && r.RecordType == type);
}
