using System.Globalization;
using System.Text.RegularExpressions;
using Esddns.Contracts;

namespace Esddns.Web.Api;

/// <summary>The parameters that select changes. Other parameters are ignored.</summary>
/// <param name="Since">Only changes after this time; null for all that are kept.</param>
/// <param name="Limit">The maximum number of changes.</param>
/// <param name="After">The <see cref="IdOf"/> of the last change of the page before; null for the first page.</param>
internal sealed partial record ChangeQuery(DateTimeOffset? Since, int Limit, string? After)
{
    /// <summary>The same query in one form, for the key of a prepared body.</summary>
    public string Key => $"{Since?.UtcTicks} {Limit} {After}";

    /// <summary>Reads the parameters.</summary>
    /// <returns>The query; null and the mistake in one line when a parameter is not valid.</returns>
    public static ChangeQuery? Read(IQueryCollection query, out string? mistake)
    {
        if (ListLimit.Read(query, out mistake) is not { } limit)
            return null;
        var after = query["after"].ToString() is { Length: > 0 } id ? id : null;
        // In a query, an unescaped plus sign means a space.
        var text = query["since"].ToString().Replace(' ', '+');
        if (text.Length == 0)
            return new ChangeQuery(null, limit, after);
        if (TryTime(text, out var since))
            return new ChangeQuery(since, limit, after);
        mistake = "since: expected a time such as 2026-01-31T12:00:00Z";
        return null;
    }

    /// <summary>Reads a time with its offset (RFC 3339). Digits after the seventh of a second are ignored.</summary>
    public static bool TryTime(string text, out DateTimeOffset time)
    {
        time = default;
        return Rfc3339.Match(text.ToUpperInvariant()) is { Success: true } match
            && DateTimeOffset.TryParse(
                $"{match.Groups["exact"]}{match.Groups["offset"]}",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal,
                out time
            );
    }

    /// <summary>Names a change: its time and record, so that two changes at one moment differ.</summary>
    public static string IdOf(ChangeStatus change) =>
        string.Create(CultureInfo.InvariantCulture, $"{change.At.UtcDateTime:O} {change.Fqdn} {change.Type}");

    /// <summary>Selects the changes of a page, newest first.</summary>
    /// <returns>The page, the number of changes on all pages, and whether a page follows. No page when the last change
    /// of the page before is not kept any more.</returns>
    public (ChangeStatus[]? Page, int Total, bool HasNext) Select(ChangeStatus[] history)
    {
        var matching = Since is { } since ? Array.FindAll(history, c => c.At > since) : history;
        var last = After is null ? -1 : Array.FindIndex(matching, c => IdOf(c) == After);
        if (After is not null && last < 0)
            return (null, 0, false);
        var rest = matching[(last + 1)..];
        return ([.. rest.Take(Limit)], matching.Length, rest.Length > Limit);
    }

    [GeneratedRegex(
        "^(?<exact>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,7})?)"
            + "((?<=\\.[0-9]{7})[0-9]{0,20})?(?<offset>Z|[+-][0-9]{2}:[0-9]{2})\\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant
    )]
    private static partial Regex Rfc3339 { get; }
}
