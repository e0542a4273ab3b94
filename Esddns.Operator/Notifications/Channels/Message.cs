using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator.Notifications.Channels;

/// <summary>A message to a channel.</summary>
/// <param name="Id">The identity; a repeated message has the same one, so a receiver can drop it.</param>
/// <param name="Kind">The kind of its most important event.</param>
/// <param name="At">When its first event happened.</param>
/// <param name="Title">One line.</param>
/// <param name="Lines">The text, in lines without markup.</param>
internal sealed record Message(
    string Id,
    EventKind Kind,
    DateTimeOffset At,
    string Title,
    IReadOnlyList<string> Lines
)
{
    /// <summary>The word that receivers use for colours and sounds: failure, warning, success or info.</summary>
    public string Severity =>
        Kind switch
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
/// <param name="Problem">The reason why it failed, without secrets; null when the message was sent.</param>
/// <param name="MayHaveArrived">Whether a failed attempt may have delivered the message.</param>
/// <param name="RetryAfter">The wait that the receiver requests; null when it requests none.</param>
internal sealed record SendResult(string? Problem, bool MayHaveArrived = false, TimeSpan? RetryAfter = null)
{
    /// <summary>The message was sent.</summary>
    public static SendResult Sent { get; } = new((string?)null);
}

/// <summary>Sends messages.</summary>
internal interface IChannel
{
    /// <summary>The name in logs and metrics.</summary>
    string Name { get; }

    /// <summary>Sends a message once. It throws nothing but the caller's cancellation.</summary>
    Task<SendResult> SendAsync(Message message, CancellationToken cancellationToken);
}
