using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// All that must survive a restart or a change of the leader: the events that wait, and which events were found
/// before. Immutable: nobody changes the arrays.
/// </summary>
internal sealed record Ledger
{
    /// <summary>The maximum number of waiting events. The oldest are dropped, and counted.</summary>
    public const int MaxQueue = 200;

    /// <summary>The ledger of a new installation.</summary>
    public static Ledger Empty { get; } = new();

    /// <summary>The kinds that the channels want; a new kind must not tell its past events. Empty at first.</summary>
    public string Kinds { get; init; } = "";

    /// <summary>The events that were found already.</summary>
    public SeenEvents Seen { get; init; } = SeenEvents.None;

    /// <summary>The records whose <see cref="EventKind.NotInSync"/> was found.</summary>
    public Incident[] Incidents { get; init; } = [];

    /// <summary>The last found step of the end of the token; null before the first one.</summary>
    public string? Token { get; init; }

    /// <summary>The last known leader; null without a cluster.</summary>
    public string? Leader { get; init; }

    /// <summary>The waiting events, oldest first.</summary>
    public QueuedEvent[] Queue { get; init; } = [];

    /// <summary>The number of events that were dropped since the last message.</summary>
    public int Dropped { get; init; }

    /// <summary>The channels whose last message failed.</summary>
    public ChannelFault[] Faults { get; init; } = [];

    /// <summary>The fault of a channel; null when its last message was sent.</summary>
    public ChannelFault? FaultOf(string channel) => Array.Find(Faults, f => f.Channel == channel);
}

/// <summary>A record that is not in sync, as told.</summary>
/// <param name="Record">The record, by name and type.</param>
/// <param name="Since">Since when.</param>
internal sealed record Incident(string Record, DateTimeOffset Since);

/// <summary>An event that waits for channels.</summary>
/// <param name="Event">The event.</param>
/// <param name="FoundAt">When the operator found it.</param>
/// <param name="Waiting">The names of the channels that have not sent it.</param>
/// <param name="Sending">Those of them that may have sent it: the message was on its way.</param>
internal sealed record QueuedEvent(
    NotificationEvent Event,
    DateTimeOffset FoundAt,
    string[] Waiting,
    string[] Sending
);

/// <summary>The fault of a channel.</summary>
/// <param name="Channel">The name of the channel.</param>
/// <param name="Since">When the first message in succession failed.</param>
/// <param name="Failures">The number of failures in succession.</param>
/// <param name="NotBefore">When the next attempt may start.</param>
/// <param name="Problem">The reason, without secrets.</param>
internal sealed record ChannelFault(
    string Channel,
    DateTimeOffset Since,
    int Failures,
    DateTimeOffset NotBefore,
    string Problem
);
