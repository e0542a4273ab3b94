using System.Globalization;
using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Api;

/// <summary>The parameters that select records. Other parameters are ignored.</summary>
/// <param name="Name">A part of the name in lower case; empty for all names.</param>
/// <param name="State">The state; null for all states.</param>
/// <param name="Limit">The maximum number of records on a page.</param>
/// <param name="After">The last record of the page before, as <c>name/type</c>; null for the first page.</param>
internal sealed record RecordQuery(string Name, string? State, int Limit, string? After)
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
        mistake =
            name.Length > 255 ? "name: expected a part of a name, of at most 255 characters"
            : state.Length > 0 && known is null ? $"state: expected one of {string.Join(", ", States)}"
            : after.Length > 0 && !after.Contains('/') ? "after: expected the value of 'next' of the page before"
            : null;
        return mistake is null ? new RecordQuery(ToAscii(name), known, limit, after.Length > 0 ? after : null) : null;
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
    /// of the page before is not in the list any more.</returns>
    public (RecordStatus[]? Page, int Total, bool HasNext) Select(RecordStatus[] all)
    {
        var matching = Array.FindAll(all, IsSelected);
        var last = After is null ? -1 : Array.FindIndex(matching, r => KeyOf(r) == After);
        if (After is not null && last < 0)
            return (null, matching.Length, false);
        var rest = matching.Length - last - 1;
        return ([.. matching.Skip(last + 1).Take(Limit)], matching.Length, rest > Limit);
    }

    /// <summary>Finds the record of a route with <c>fqdn</c> and <c>type</c>; null if there is none.</summary>
    public static RecordStatus? Find(StatusDocument status, RouteValueDictionary route)
    {
        var (name, type) = (ToAscii($"{route["fqdn"]}"), $"{route["type"]}".ToUpperInvariant());
        return Array.Find(status.Records, r => r.Fqdn == name && r.RecordType == type);
    }

    /// <summary>The key of a record, for <see cref="After"/>.</summary>
    public static string KeyOf(RecordStatus record) => $"{record.Fqdn}/{record.RecordType}";

    private bool IsSelected(RecordStatus record) =>
        (State is null || record.StateOrUnknown == State)
        && (Name.Length == 0 || record.Fqdn.Contains(Name, StringComparison.Ordinal));
}
