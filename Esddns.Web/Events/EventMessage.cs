using Esddns.Contracts;

namespace Esddns.Web.Events;

/// <summary>
/// A part of the stream that all clients share. Each part knows the next one, so a client needs no queue: a client that
/// is behind holds its last part, and all clients hold the same ones.
/// </summary>
/// <param name="number">The position in the stream.</param>
/// <param name="bytes">The events since the part before.</param>
/// <param name="current">The event with the state at this point, for a new client.</param>
/// <param name="history">The changes that the status has at this point, newest first; null before the first
/// status.</param>
internal sealed class EventMessage(long number, byte[] bytes, byte[] current, ChangeStatus[]? history)
{
    private readonly TaskCompletionSource<EventMessage?> _next = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>The position in the stream.</summary>
    public long Number => number;

    /// <summary>The events since the part before.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The event with the state at this point.</summary>
    public byte[] Current => current;

    /// <summary>The changes at this point, newest first; null before the first status.</summary>
    public ChangeStatus[]? History => history;

    /// <summary>The next part; null at the end of the stream.</summary>
    public Task<EventMessage?> Next => _next.Task;

    /// <summary>Sends the next part to all clients; null ends the stream.</summary>
    public void Continue(EventMessage? next) => _next.TrySetResult(next);
}
