using System.Globalization;

namespace Esddns.Configuration;

/// <summary>
/// Parses a duration: a number of seconds, <c>hh:mm:ss</c> with any number of hours, or <c>d.hh:mm:ss</c>. Two parts
/// alone are rejected, because <c>5:00</c> is ambiguous: five hours in .NET, five minutes for most people.
/// </summary>
internal static class DurationText
{
    /// <summary>The upper limit for a number of seconds; larger than any setting allows.</summary>
    private const double MaxSeconds = 1e9;

    /// <summary>Parses <paramref name="text"/>; false when it is not a duration.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        var parts = text.Split(':');
        if (parts is [var number])
            return TrySeconds(number, MaxSeconds, out value);
        if (parts is not [var hours, [_, _] and var minutes, [_, _, ..] and var rest])
            return false;
        if (!TryHours(hours, out var whole))
            return false;
        if (!TrySeconds(rest, 60, out var seconds))
            return false;
        if (!int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var m) || m >= 60)
            return false;
        value = whole + TimeSpan.FromMinutes(m) + seconds;
        return true;
    }

    private static bool TryHours(string text, out TimeSpan value)
    {
        value = default;
        var parts = text.Split('.');
        var hours = 0;
        var isRead =
            parts.Length <= 2
            && parts.All(p => p.Length is > 0 and <= 5)
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out hours);
        var days = 0;
        if (parts.Length == 2)
            isRead =
                isRead
                && hours < 24
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out days);
        value = TimeSpan.FromDays(days) + TimeSpan.FromHours(hours);
        return isRead;
    }

    private static bool TrySeconds(string text, double end, out TimeSpan value)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        var isRead = double.TryParse(text, style, CultureInfo.InvariantCulture, out var seconds) && seconds < end;
        value = isRead ? TimeSpan.FromSeconds(seconds) : default;
        return isRead;
    }
}
