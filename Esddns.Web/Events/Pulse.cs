using Esddns.Web.Status;

namespace Esddns.Web.Events;

/// <summary>
/// Wakes all streams at each new version of the status, and at the latest after <see cref="Heartbeat"/>. One timer for
/// all of them costs less than one for each.
/// </summary>
internal sealed class Pulse(StatusCache cache, TimeProvider time) : BackgroundService
{
    /// <summary>The time between two messages, at most. It also finds clients that have gone.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private TaskCompletionSource<bool> _next = Create();

    /// <summary>Completes at the next pulse; true when nothing has changed until then.</summary>
    public Task<bool> Next => Volatile.Read(ref _next).Task;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var version = 0L;
        while (true)
        {
            await cache
                .ChangeAfter(version)
                .WaitAsync(Heartbeat, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
            var before = version;
            version = cache.Now.Version;
            Interlocked.Exchange(ref _next, Create()).SetResult(version == before);
        }
    }

    private static TaskCompletionSource<bool> Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
