using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator.Notifications;

/// <summary>The options of notifications.</summary>
/// <param name="Channels">The channels; without any, nothing of this folder runs.</param>
internal sealed record NotificationOptions(IReadOnlyList<ChannelOptions> Channels)
{
    /// <summary>How long a record may be out of sync before that is told. 10 s to 1 day, default 15 min.</summary>
    public TimeSpan NotInSyncAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the first event waits for others, to be one message. 0 to 1 h, default 10 s.</summary>
    public TimeSpan BurstWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time limit of one message or ping. 1 s to 5 min, default 20 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The age up to which the last round counts, for dead-man pings.</summary>
    public TimeSpan RoundAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The age up to which an answer of the zone's name servers counts, for dead-man pings.</summary>
    public TimeSpan AnswerAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The kinds that any channel wants, as text that changes with them.</summary>
    public string Kinds { get; } =
        string.Join(' ', Channels.SelectMany(c => c.Events).Distinct().Order());

    /// <summary>Whether any channel wants events of this kind.</summary>
    public bool Wants(EventKind kind) => Channels.Any(c => c.Wants(kind));

    /// <summary>The names of the channels that want events of this kind.</summary>
    public string[] ChannelsFor(EventKind kind) => [.. Channels.Where(c => c.Wants(kind)).Select(c => c.Name)];
}
