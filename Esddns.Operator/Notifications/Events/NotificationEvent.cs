using Esddns.Text;

namespace Esddns.Operator.Notifications.Events;

/// <summary>An event to tell a person about.</summary>
/// <param name="Id">The identity. Every process derives the same one from the same state, so no leader tells an event
/// again that its predecessor told.</param>
/// <param name="Kind">The kind.</param>
/// <param name="At">When it happened.</param>
/// <param name="Title">What happened, in one short line.</param>
/// <param name="Detail">The circumstances, in one line.</param>
internal sealed record NotificationEvent(string Id, EventKind Kind, DateTimeOffset At, string Title, string Detail)
{
    private const int MaxTitle = 160;

    /// <summary>Creates an event. Both texts may contain text from outside.</summary>
    public static NotificationEvent Of(EventKind kind, string id, DateTimeOffset at, string title, string detail) =>
        new($"{kind} {id}", kind, at, UntrustedText.Clean(title, MaxTitle), UntrustedText.Clean(detail));
}
