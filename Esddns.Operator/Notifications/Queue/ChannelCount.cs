namespace Esddns.Operator.Notifications.Queue;

/// <summary>The number of events that a channel lost since its last message.</summary>
/// <param name="channel">See <see cref="Channel"/>.</param>
/// <param name="count">See <see cref="Count"/>.</param>
internal sealed class ChannelCount(string channel, int count)
{
    /// <summary>The name of the channel.</summary>
    public string Channel => channel;

    /// <summary>The number.</summary>
    public int Count => count;
}
