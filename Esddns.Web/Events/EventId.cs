using System.Globalization;

namespace Esddns.Web.Events;

/// <summary>
/// The identity of an event: the version, and the time of the newest change that the client then knows, in ticks. The
/// time also has a meaning for another replica, and after a restart, where versions begin anew:
/// <code>
/// id: 17-639156384000000000
/// </code>
/// </summary>
internal static class EventId
{
    /// <summary>Writes an identity.</summary>
    public static string Of(long version, DateTimeOffset newestChange) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}-{newestChange.UtcTicks}");

    /// <summary>Reads the time of the newest change; null if the client sends none.</summary>
    public static DateTimeOffset? NewestChange(string? id)
    {
        var dash = id?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash < 0 || !long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var t))
            return null;
        return t <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset(t, TimeSpan.Zero) : null;
    }
}
