using Esddns.Text;

namespace Esddns.Operator.Notifications.Events;

/// <summary>An event to tell a person about.</summary>
/// <param name="id">See <see cref="Id"/>.</param>
/// <param name="kind">See <see cref="Kind"/>.</param>
/// <param name="at">See <see cref="At"/>.</param>
/// <param name="title">See <see cref="Title"/>.</param>
/// <param name="detail">See <see cref="Detail"/>.</param>
internal sealed class NotificationEvent(string id, EventKind kind, DateTimeOffset at, string title, string detail)
{
    private const int MaxTitle = 160;

    /// <summary>
    /// The identity. Every process derives the same one from the same state, so no leader tells an event again that its
    /// predecessor told.
    /// </summary>
    public string Id => id;

    /// <summary>The kind.</summary>
    public EventKind Kind => kind;

    /// <summary>When it happened.</summary>
    public DateTimeOffset At => at;

    /// <summary>What happened, in one short line.</summary>
    public string Title => title;

    /// <summary>The circumstances, in one line.</summary>
    public string Detail => detail;

    /// <summary>Creates an event. Both texts may contain text from outside.</summary>
    public static NotificationEvent Of(EventKind kind, string id, DateTimeOffset at, string title, string detail) =>
        new($"{kind} {id}", kind, at, UntrustedText.Clean(title, MaxTitle), UntrustedText.Clean(detail));
}
