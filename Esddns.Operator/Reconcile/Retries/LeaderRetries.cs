using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Writing;
using Esddns.Operator.Reconcile.Zones;

namespace Esddns.Operator.Reconcile.Retries;

/// <summary>The rounds that the leader needs for calls to the DNS provider that failed or are not confirmed.</summary>
internal sealed class LeaderRetries(
    ILeadership leadership,
    Backoff<HostedZone> zones,
    Backoff<ZoneFinder> zoneList,
    UnconfirmedWrites unconfirmed
)
{
    /// <summary>The time until each of these rounds, and its reason. Empty in a follower.</summary>
    public IEnumerable<(TimeSpan Wait, ReconcileReason Reason)> Due()
    {
        if (!leadership.IsLeader)
            yield break;
        if (zones.Next is { } zone)
            yield return (zone, ReconcileReason.Retry);
        if (zoneList.Next is { } list)
            yield return (list, ReconcileReason.Retry);
        if (unconfirmed.Next is { } lateWrite)
            yield return (lateWrite, ReconcileReason.LateWrite);
    }
}
