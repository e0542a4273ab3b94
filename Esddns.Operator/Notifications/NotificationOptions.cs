using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator.Notifications;

/// <summary>The options of notifications.</summary>
/// <param name="channels">See <see cref="Channels"/>.</param>
internal sealed class NotificationOptions(ChannelOptions[] channels)
{
    /// <summary>The channels; without any, nothing of this folder runs.</summary>
    public ChannelOptions[] Channels => channels;

    /// <summary>How long a record may be out of sync before that is told. 10 s to 1 day, default 15 min.</summary>
    public TimeSpan NotInSyncAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the first event waits for others, to be one message. 0 to 1 h, default 10 s.</summary>
    public TimeSpan BurstWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time limit of one message or ping. 1 s to 5 min, default 20 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The age up to which the last round counts, for dead-man pings.</summary>
    public TimeSpan RoundAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The age up to which an answer of the zone's name servers counts, for dead-man pings.</summary>
    public TimeSpan AnswerAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The kinds that any channel wants, as text that changes with them.</summary>
    public string Kinds { get; } = KindsOf(channels);

    /// <summary>Whether any channel wants events of this kind.</summary>
    public bool Wants(EventKind kind) => Array.Exists(channels, c => c.Wants(kind));

    /// <summary>The names of the channels that want events of this kind.</summary>
    public string[] ChannelsFor(EventKind kind) =>
        Array.ConvertAll(Array.FindAll(channels, c => c.Wants(kind)), c => c.Name);

    private static string KindsOf(ChannelOptions[] channels)
    {
        var kinds = new List<string>();
        foreach (var channel in channels)
            if (!channel.IsPing)
                kinds.AddRange(channel.Events);
        kinds.Sort(StringComparer.Ordinal);
        return string.Join(' ', new HashSet<string>(kinds));
    }
}
