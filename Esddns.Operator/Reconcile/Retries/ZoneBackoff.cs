using System.Collections.Concurrent;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Zones;

namespace Esddns.Operator.Reconcile.Retries;

/// <summary>The waits of zones whose DNS provider failed. A long wait is logged with its end.</summary>
internal sealed class ZoneBackoff(Backoff<HostedZone> backoff, TimeProvider time, ILogger<ZoneBackoff> logger)
{
    private readonly ConcurrentDictionary<HostedZone, long> _forgottenBefore = new();

    /// <summary>Whether the DNS provider may be called for the zone now. The call starts then.</summary>
    public bool MayTry(HostedZone zone, ReconcileReason reason)
    {
        _forgottenBefore[zone] = backoff.Forgotten;
        return backoff.MayTry(zone, reason.IsByPerson());
    }

    /// <summary>Whether the last call for the zone failed.</summary>
    public bool HasFailed(HostedZone zone) => backoff.HasFailed(zone);

    /// <summary>
    /// Starts the wait of a zone. When credentials changed during the call, it may have used the old ones, so even a
    /// persistent fault is retried soon.
    /// </summary>
    /// <returns>The fault, with the end of the wait when it is long.</returns>
    public ProviderFault Failed(HostedZone zone, ProviderFault fault)
    {
        var isOutdated = _forgottenBefore.GetValueOrDefault(zone) != backoff.Forgotten;
        var wait = backoff.Failed(zone, isOutdated ? FaultKind.Transient : fault.Kind, fault.RetryAfter);
        if (wait <= LoopOptions.MaxBackoff)
            return fault;
        var until = time.GetUtcNow() + wait;
        logger.ProviderBackoff(zone.Zone, until, fault.Type);
        return fault with { RetryAt = until };
    }

    /// <summary>Ends the wait of a zone.</summary>
    public void Succeeded(HostedZone zone) => backoff.Succeeded(zone);

    /// <summary>Ends the waits of other zones.</summary>
    public void RetainOnly(IReadOnlySet<HostedZone> zones)
    {
        backoff.RetainOnly(zones);
        foreach (var zone in _forgottenBefore.Keys.Where(z => !zones.Contains(z)).ToArray())
            _forgottenBefore.TryRemove(zone, out _);
    }
}
