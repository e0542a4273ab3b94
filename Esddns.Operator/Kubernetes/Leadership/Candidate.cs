using Esddns.Operator.Kubernetes.Watching;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>
/// Waits until the Lease is free. It trusts no clock but its own: a holder is gone when the Lease has not changed for its whole
/// duration since it was last seen to change. Watching costs the API server less than asking every two seconds, with thousands of nodes.
/// They do not ask all at once either: each waits a moment of its own, spread over the retry period, and one that sees
/// meanwhile that another has taken the Lease does not ask at all.
/// </summary>
internal sealed class Candidate(LeaseLock lease, ObjectCache<V1Lease> leases, KubernetesOptions options, TimeProvider time, Random random)
{
    /// <summary>Timers are no finer, and no wait is 0.</summary>
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    private string? _version;
    private long _changed;

    /// <summary>Waits until it may be tried.</summary>
    /// <returns>The Lease to take over; null when there is none.</returns>
    public async Task<V1Lease?> WaitAsync(CancellationToken cancellationToken)
    {
        await leases.Listed.WaitAsync(cancellationToken);
        while (true)
        {
            var change = leases.NextChange();
            var left = Left(Seen());
            if (left > TimeSpan.Zero)
            {
                await WaitAsync(change, left, cancellationToken);
                continue;
            }

            if (await IsSeenFreeAsync(cancellationToken))
            {
                // What was seen may be old news.
                var newest = await lease.ReadAsync(cancellationToken);
                if (Left(newest) <= TimeSpan.Zero) return newest;
                await WaitAsync(leases.NextChange(), options.RetryPeriod, cancellationToken);
            }
        }
    }

    /// <summary>Whether the Lease is still seen to be free at the moment that chance gives to this candidate.</summary>
    private async Task<bool> IsSeenFreeAsync(CancellationToken cancellationToken)
    {
        var moment = options.RetryPeriod * random.NextDouble();
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < moment;)
        {
            var change = leases.NextChange();
            if (Left(Seen()) > TimeSpan.Zero) return false;
            await WaitAsync(change, moment - time.GetElapsedTime(began), cancellationToken);
        }

        return Left(Seen()) <= TimeSpan.Zero;
    }

    /// <summary>Waits for a change, but no longer than this.</summary>
    private async Task WaitAsync(Task change, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(change, Task.Delay(atMost > s_least ? atMost : s_least, time, woken.Token));
        await woken.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private V1Lease? Seen() => leases.Find(KubernetesOptions.LeaseName, options.Namespace);

    private TimeSpan Left(V1Lease? seen)
    {
        if (seen is null || string.IsNullOrEmpty(seen.Spec?.HolderIdentity)) return TimeSpan.Zero;
        if (seen.Metadata.ResourceVersion != _version) (_version, _changed) = (seen.Metadata.ResourceVersion, time.GetTimestamp());
        return TimeSpan.FromSeconds(seen.Spec.LeaseDurationSeconds ?? 0) - time.GetElapsedTime(_changed);
    }
}
