using System.Globalization;
using Esddns.Contracts;

namespace Esddns.Web.Api;

/// <summary>The parameters that select changes. Other parameters are ignored.</summary>
/// <param name="Since">Only changes after this time; null for all that are kept.</param>
/// <param name="Limit">The maximum number of changes.</param>
internal sealed record ChangeQuery(DateTimeOffset? Since, int Limit)
{
    private static readonly string[] s_formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The same query in one form, for the key of a prepared body.</summary>
    public string Key => $"{Since?.UtcTicks} {Limit}";

    /// <summary>Reads the parameters.</summary>
    /// <returns>The query; null and the mistake in one line when a parameter is not valid.</returns>
    public static ChangeQuery? Read(IQueryCollection query, out string? mistake)
    {
        if (ListLimit.Read(query, out mistake) is not { } limit)
            return null;
        // In a query, an unescaped plus sign means a space.
        var text = query["since"].ToString().Replace(' ', '+');
        if (text.Length == 0)
            return new ChangeQuery(null, limit);
        if (TryTime(text, out var since))
            return new ChangeQuery(since, limit);
        mistake = "since: expected a time such as 2026-01-31T12:00:00Z";
        return null;
    }

    /// <summary>Reads a time (RFC 3339); without an offset it is in UTC.</summary>
    public static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text,
            s_formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time
        );

    /// <summary>Selects the changes, newest first.</summary>
    public ChangeStatus[] Select(ChangeStatus[] history) =>
        Since is { } since ? Array.FindAll(history, c => c.At > since) : history;
}
