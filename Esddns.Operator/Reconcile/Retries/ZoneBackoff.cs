using System.Collections.Concurrent;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Zones;

namespace Esddns.Operator.Reconcile.Retries;

/// <summary>
/// The waits of zones whose DNS provider failed. A long wait is logged when it begins, and not when it is repeated.
/// </summary>
internal sealed class ZoneBackoff(Backoff<HostedZone> backoff, TimeProvider time, ILogger<ZoneBackoff> logger)
{
    private readonly ConcurrentDictionary<HostedZone, long> _forgottenBefore = new();
    private readonly FaultLines<HostedZone> _lines = new(time);

    /// <summary>Whether the DNS provider may be called for the zone now. The call starts then.</summary>
    public bool MayTry(HostedZone zone, ReconcileReason reason)
    {
        var forgotten = backoff.Forgotten;
        if (_forgottenBefore.TryGetValue(zone, out var before) && before != forgotten)
            _lines.Ended(zone);
        _forgottenBefore[zone] = forgotten;
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
        if (_lines.IsDue(zone, fault.Type))
            logger.ProviderBackoff(zone.Zone, until, fault.Type);
        return fault with { RetryAt = until };
    }

    /// <summary>Ends the wait of a zone.</summary>
    public void Succeeded(HostedZone zone)
    {
        backoff.Succeeded(zone);
        _lines.Ended(zone);
    }

    /// <summary>Ends the waits of other zones than <paramref name="tried"/>.</summary>
    /// <param name="tried">The zones that still need a call.</param>
    /// <param name="all">All zones with records; what was logged about others is forgotten.</param>
    public void RetainOnly(IReadOnlySet<HostedZone> tried, IReadOnlySet<HostedZone> all)
    {
        backoff.RetainOnly(tried);
        _lines.RetainOnly(all);
        foreach (var zone in _forgottenBefore.Keys.Where(z => !all.Contains(z)).ToArray())
            _forgottenBefore.TryRemove(zone, out _);
    }
}
