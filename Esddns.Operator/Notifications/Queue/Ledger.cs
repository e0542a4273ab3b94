using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// All that must survive a restart or a change of the leader: the events that wait, and which events were found
/// before. Immutable: nobody changes the arrays. Two ledgers are equal when they are the same object.
/// </summary>
internal sealed record Ledger
{
    /// <summary>The maximum number of waiting events. The oldest are dropped, and counted for each channel.</summary>
    public const int MaxQueue = 200;

    /// <summary>The ledger of a new installation.</summary>
    public static Ledger Empty { get; } = new();

    /// <summary>The kinds that the channels want; a new kind must not tell its past events. Empty at first.</summary>
    public string Kinds { get; init; } = "";

    /// <summary>The events that were found already.</summary>
    public SeenEvents Seen { get; init; } = new(DateTimeOffset.MinValue, []);

    /// <summary>The records whose <see cref="EventKind.NotInSync"/> was found, and since when they are.</summary>
    public TimedName[] Incidents { get; init; } = [];

    /// <summary>The last found step of the end of the token; null before the first one.</summary>
    public string? Token { get; init; }

    /// <summary>The last known leader; null without a cluster.</summary>
    public string? Leader { get; init; }

    /// <summary>The waiting events, oldest first.</summary>
    public QueuedEvent[] Queue { get; init; } = [];

    /// <summary>The channels that lost events since their last message.</summary>
    public ChannelCount[] Dropped { get; init; } = [];

    /// <summary>The channels whose last message failed.</summary>
    public ChannelFault[] Faults { get; init; } = [];

    /// <summary>The fault of a channel; null when its last message was sent.</summary>
    public ChannelFault? FaultOf(string channel) => Array.Find(Faults, f => f.Channel == channel);

    /// <summary>The number of events that the channel lost since its last message.</summary>
    public int DroppedFor(string channel) => Array.Find(Dropped, d => d.Channel == channel)?.Count ?? 0;

    /// <summary>A copy with another number of lost events of the channel.</summary>
    public Ledger Drop(string channel, int more)
    {
        var others = Array.FindAll(Dropped, d => d.Channel != channel);
        var count = DroppedFor(channel) + more;
        return this with { Dropped = count > 0 ? [.. others, new ChannelCount(channel, count)] : others };
    }

    // The members that the compiler would generate compare arrays, which adds much native code.

    /// <inheritdoc/>
    public bool Equals(Ledger? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Queue.Length;

    /// <inheritdoc/>
    public override string ToString() => nameof(Ledger);
}
