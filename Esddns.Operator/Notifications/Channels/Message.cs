using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator.Notifications.Channels;

/// <summary>A message to a channel.</summary>
internal sealed class Message(string id, EventKind kind, DateTimeOffset at, string title, IReadOnlyList<string> lines)
{
    /// <summary>The identity; a repeated message has the same one, so a receiver can drop it.</summary>
    public string Id => id;

    /// <summary>The kind of its most important event.</summary>
    public EventKind Kind => kind;

    /// <summary>When its first event happened.</summary>
    public DateTimeOffset At => at;

    /// <summary>One line.</summary>
    public string Title => title;

    /// <summary>The text, in lines without markup.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>The word that receivers use for colours and sounds: failure, warning, success or info.</summary>
    public string Severity =>
        kind switch
        {
            EventKind.NotInSync => "failure",
            EventKind.ForeignEdit or EventKind.TokenEnds => "warning",
            EventKind.Resolved => "success",
            _ => "info",
        };

    /// <summary>The priority of Gotify and ntfy, of 10 and 5.</summary>
    public int Priority => Severity is "failure" or "warning" ? 5 : 3;
}

/// <summary>The result of an attempt to send.</summary>
internal sealed class SendResult(string? problem, bool mayHaveArrived = false, TimeSpan? retryAfter = null)
{
    /// <summary>The message was sent.</summary>
    public static SendResult Sent { get; } = new(null);

    /// <summary>The reason why it failed, without secrets; null when the message was sent.</summary>
    public string? Problem => problem;

    /// <summary>Whether a failed attempt may have delivered the message.</summary>
    public bool MayHaveArrived => mayHaveArrived;

    /// <summary>The wait that the receiver requests; null when it requests none.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}

/// <summary>Sends messages.</summary>
internal interface IChannel
{
    /// <summary>The name in logs and metrics.</summary>
    string Name { get; }

    /// <summary>Sends a message once. It throws nothing but the caller's cancellation.</summary>
    Task<SendResult> SendAsync(Message message, CancellationToken cancellationToken);
}
