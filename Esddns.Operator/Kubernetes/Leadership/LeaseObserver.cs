using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Publishing;

namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>
/// Waits until the Lease is free. It trusts no clock but its own: a holder is gone when the Lease has not changed for
/// its whole duration since it was first seen so. The Lease is read now and then, more rarely the more nodes there are:
/// it changes every two seconds, and thousands that watched it would have to be told each time. A leader that stops
/// tells them by the published state. They do not ask all at once: each waits a moment of its own, and one that hears
/// meanwhile of a new leader does not ask.
/// </summary>
internal sealed class LeaseObserver(
    LeaseLock lease,
    PublishedState published,
    KubernetesOptions options,
    TimeProvider time,
    Random random
)
{
    /// <summary>All candidates together read the Lease no more often than that.</summary>
    private static readonly TimeSpan s_perNode = TimeSpan.FromMilliseconds(5);

    /// <summary>Timers are no finer, and no wait is 0.</summary>
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    private string? _version;
    private long _changed;

    /// <summary>Waits until it may be tried.</summary>
    /// <returns>The Lease to take over; null when there is none.</returns>
    /// <exception cref="ApiException">The Lease cannot be read.</exception>
    public async Task<Lease?> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await UntilItIsFreeAsync(cancellationToken);
            var before = published.Leader;
            var moment = random.NextDouble() * Share(options.RetryPeriod);
            if (await IsSeenAsync(now => now is not null && now != before, moment, cancellationToken))
            {
                await Task.Delay(Share(options.RetryPeriod), time, cancellationToken);
                continue;
            }

            // The Lease may have changed meanwhile.
            var newest = await lease.ReadAsync(cancellationToken);
            if (Left(newest) <= TimeSpan.Zero)
                return newest;
        }
    }

    private async Task UntilItIsFreeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = published.Leader;
            var left = Left(await lease.ReadAsync(cancellationToken));
            if (left <= TimeSpan.Zero)
                return;
            var period = Share(options.LeaseDuration / 3) * (0.5 + random.NextDouble() / 2);
            var wait = left < period ? left : period;
            if (await IsSeenAsync(now => now is null && before is not null, wait, cancellationToken))
                return;
        }
    }

    /// <summary>Waits for such a leader to be published, but no longer than this.</summary>
    private async Task<bool> IsSeenAsync(Func<string?, bool> isIt, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var limit = Task.Delay(atMost > s_least ? atMost : s_least, time, end.Token);
        var isSeen = false;
        while (!isSeen && !limit.IsCompleted)
        {
            var change = published.NextChange();
            isSeen = isIt(published.Leader);
            if (!isSeen)
                await Task.WhenAny(change, limit);
        }

        await end.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return isSeen;
    }

    /// <summary>This pod's share of what the candidates ask together.</summary>
    private TimeSpan Share(TimeSpan least) => published.Share(s_perNode, least, options.LeaseDuration);

    private TimeSpan Left(Lease? seen)
    {
        if (seen is null || string.IsNullOrEmpty(seen.Spec?.HolderIdentity))
            return TimeSpan.Zero;
        if (seen.Metadata.ResourceVersion != _version)
            (_version, _changed) = (seen.Metadata.ResourceVersion, time.GetTimestamp());
        return TimeSpan.FromSeconds(seen.Spec.LeaseDurationSeconds ?? 0) - time.GetElapsedTime(_changed);
    }
}
