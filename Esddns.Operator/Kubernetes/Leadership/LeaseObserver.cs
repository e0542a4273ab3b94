using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Publishing;

namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>
/// Waits until the Lease is free: until it has not changed for its whole duration, by the clock of this process.
/// </summary>
/// <remarks>
/// <para>The Lease is not watched. It changes every two seconds, and each change would go to thousands of watches. It
/// is read at intervals that grow with the number of nodes.</para>
/// <para>A leader that stops publishes this. Each other process then waits for a random time before it reads the Lease,
/// and does not read it when a new leader is published meanwhile.</para>
/// </remarks>
internal sealed class LeaseObserver(
    LeaseLock lease,
    StateAnnotations published,
    KubernetesOptions options,
    TimeProvider time,
    Random random
)
{
    /// <summary>The interval between reads of the Lease by all candidates together.</summary>
    private static readonly TimeSpan s_perNode = TimeSpan.FromMilliseconds(5);

    /// <summary>The shortest wait: timers are no finer.</summary>
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    private string? _version;
    private long _changed;

    /// <summary>Waits until the Lease can be acquired.</summary>
    /// <returns>The Lease to take over; null when there is none.</returns>
    /// <exception cref="ApiException">The Lease cannot be read.</exception>
    public async Task<Lease?> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await WaitUntilFreeAsync(cancellationToken);
            var before = published.Leader;
            var moment = random.NextDouble() * Share(options.RetryPeriod);
            if (await WaitForLeaderAsync(now => now is not null && now != before, moment, cancellationToken))
            {
                await Task.Delay(Share(options.RetryPeriod), time, cancellationToken);
                continue;
            }

            // The Lease may have changed meanwhile.
            var newest = await lease.ReadAsync(cancellationToken);
            if (Remaining(newest) <= TimeSpan.Zero)
                return newest;
        }
    }

    private async Task WaitUntilFreeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = published.Leader;
            var remaining = Remaining(await lease.ReadAsync(cancellationToken));
            if (remaining <= TimeSpan.Zero)
                return;
            var period = Share(options.LeaseDuration / 3) * (0.5 + random.NextDouble() / 2);
            var wait = remaining < period ? remaining : period;
            if (await WaitForLeaderAsync(now => now is null && before is not null, wait, cancellationToken))
                return;
        }
    }

    /// <summary>Waits until a matching leader is published, at most for this time.</summary>
    private async Task<bool> WaitForLeaderAsync(
        Func<string?, bool> matches,
        TimeSpan atMost,
        CancellationToken cancellationToken
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var limit = Task.Delay(atMost > s_least ? atMost : s_least, time, end.Token);
        var isSeen = false;
        while (!isSeen && !limit.IsCompleted)
        {
            var change = published.NextChange();
            isSeen = matches(published.Leader);
            if (!isSeen)
                await Task.WhenAny(change, limit);
        }

        await end.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        // Both may have happened at the same time.
        return isSeen || matches(published.Leader);
    }

    /// <summary>The interval of this pod, which keeps the interval of all candidates together.</summary>
    private TimeSpan Share(TimeSpan least) => published.Share(s_perNode, least, options.LeaseDuration);

    private TimeSpan Remaining(Lease? seen)
    {
        if (seen is null || string.IsNullOrEmpty(seen.Spec?.HolderIdentity))
            return TimeSpan.Zero;
        if (seen.Metadata.ResourceVersion != _version)
            (_version, _changed) = (seen.Metadata.ResourceVersion, time.GetTimestamp());
        return TimeSpan.FromSeconds(seen.Spec.LeaseDurationSeconds ?? 0) - time.GetElapsedTime(_changed);
    }
}
