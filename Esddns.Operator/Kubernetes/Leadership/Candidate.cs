using Esddns.Operator.Kubernetes.Watching;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>
/// Waits until the Lease is free. It trusts no clock but its own: a holder is gone when the Lease has not changed for its whole
/// duration since it was last seen to change. Watching costs the API server less than asking every two seconds, with thousands of nodes.
/// </summary>
internal sealed class Candidate(LeaseLock lease, ObjectCache<V1Lease> leases, KubernetesOptions options, TimeProvider time, Random random)
{
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
            var left = Left(leases.Find(KubernetesOptions.LeaseName, options.Namespace));
            if (left <= TimeSpan.Zero)
            {
                // Not all at once; and what was seen may be old news.
                await Task.Delay(random.NextDouble() * Shortest(options.RetryPeriod, TimeSpan.FromSeconds(1)) / 2, time, cancellationToken);
                var newest = await lease.ReadAsync(cancellationToken);
                if (Left(newest) <= TimeSpan.Zero) return newest;
                left = options.RetryPeriod;
            }

            using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(change, Task.Delay(left, time, woken.Token));
            await woken.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private TimeSpan Left(V1Lease? seen)
    {
        if (seen is null || string.IsNullOrEmpty(seen.Spec?.HolderIdentity)) return TimeSpan.Zero;
        if (seen.Metadata.ResourceVersion != _version) (_version, _changed) = (seen.Metadata.ResourceVersion, time.GetTimestamp());
        return TimeSpan.FromSeconds(seen.Spec.LeaseDurationSeconds ?? 0) - time.GetElapsedTime(_changed);
    }

    private static TimeSpan Shortest(TimeSpan x, TimeSpan y) => x < y ? x : y;
}
