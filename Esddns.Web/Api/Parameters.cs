using System.Globalization;

namespace Esddns.Web.Api;

/// <summary>Reads parameters of requests.</summary>
internal static class Parameters
{
    /// <summary>The maximum number of entries of a page.</summary>
    public const int MaxLimit = 1000;

    /// <summary>The default number of entries of a page.</summary>
    public const int DefaultLimit = 100;

    /// <summary>A time needs a date, a time of day and an offset (RFC 3339, section 5.6).</summary>
    private static readonly string[] s_times =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:sszzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>Reads the number of entries; null and the mistake if it is not valid.</summary>
    public static int? Limit(string? text, ref string? mistake)
    {
        if (string.IsNullOrEmpty(text))
            return DefaultLimit;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
            if (limit is > 0 and <= MaxLimit)
                return limit;
        mistake = $"limit={text}: expected a whole number from 1 to {MaxLimit}";
        return null;
    }

    /// <summary>Reads a time; null if there is none, or, with the mistake, if it is not valid.</summary>
    public static DateTimeOffset? Time(string name, string? text, ref string? mistake)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        // In a query, a plus sign that is not encoded is a space.
        var time = text.Replace(' ', '+').ToUpperInvariant();
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(time, s_times, CultureInfo.InvariantCulture, utc, out var at))
            return at;
        mistake = $"{name}={text}: expected a time like 2026-01-31T12:00:00Z";
        return null;
    }
}
