using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>An event that waits for channels.</summary>
/// <param name="item">See <see cref="Event"/>.</param>
/// <param name="foundAt">See <see cref="FoundAt"/>.</param>
/// <param name="waiting">See <see cref="Waiting"/>.</param>
/// <param name="sending">See <see cref="Sending"/>.</param>
internal sealed class QueuedEvent(NotificationEvent item, DateTimeOffset foundAt, string[] waiting, string[] sending)
{
    /// <summary>The event.</summary>
    public NotificationEvent Event => item;

    /// <summary>When the operator found it.</summary>
    public DateTimeOffset FoundAt => foundAt;

    /// <summary>The names of the channels that have not sent it.</summary>
    public string[] Waiting => waiting;

    /// <summary>Those of them that may have sent it: the message was on its way.</summary>
    public string[] Sending => sending;

    /// <summary>Whether the channel has not sent it.</summary>
    public bool WaitsFor(string channel) => Array.IndexOf(waiting, channel) >= 0;

    /// <summary>Whether the channel may have sent it.</summary>
    public bool IsSending(string channel) => Array.IndexOf(sending, channel) >= 0;

    /// <summary>A copy that may be sent by the channel.</summary>
    public QueuedEvent Begin(string channel) =>
        IsSending(channel) ? this : new(item, foundAt, waiting, [.. sending, channel]);

    /// <summary>A copy that the channel has certainly not sent.</summary>
    public QueuedEvent NotSent(string channel) => new(item, foundAt, waiting, Without(sending, channel));

    /// <summary>A copy that does not wait for the channel any more.</summary>
    public QueuedEvent Sent(string channel) => new(item, foundAt, Without(waiting, channel), Without(sending, channel));

    /// <summary>A copy that does not wait for some of its channels any more.</summary>
    public QueuedEvent Without(Predicate<string> channels) =>
        new(item, foundAt, Array.FindAll(waiting, c => !channels(c)), Array.FindAll(sending, c => !channels(c)));

    /// <summary>A copy that was found now at the latest.</summary>
    public QueuedEvent NotAfter(DateTimeOffset now) => new(item, foundAt < now ? foundAt : now, waiting, sending);

    private static string[] Without(string[] channels, string channel) => Array.FindAll(channels, c => c != channel);
}
