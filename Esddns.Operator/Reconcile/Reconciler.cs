using Esddns.Operator.Net;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>Runs a round: find, agree, plan, apply, publish. No other class changes remote state.</summary>
internal sealed class Reconciler(
    IDesiredRecords records,
    WanObserver observer,
    ZoneFinder zones,
    DesiredStates desired,
    ZoneRunner zoneRunner,
    StateStore state,
    ConvergenceClock convergence,
    TimeProvider time
)
{
    /// <summary>Runs one round.</summary>
    /// <param name="reason">The reason of the round.</param>
    /// <param name="cancellationToken">Cancels the round.</param>
    /// <param name="asksSources">Whether the address sources are polled; if not, the last observations are
    /// used.</param>
    /// <param name="waitsForAllZones">Whether the round also waits for slow zones. If not, their work may continue
    /// after it.</param>
    /// <param name="nextPoll">Returns when the address sources are polled next; null when that is not planned.</param>
    /// <returns>The state that is published at the end.</returns>
    public async Task<Snapshot> RunOnceAsync(
        ReconcileReason reason,
        CancellationToken cancellationToken,
        bool asksSources = true,
        bool waitsForAllZones = true,
        Func<DateTimeOffset>? nextPoll = null
    )
    {
        using var span = OperatorTracing.StartTrace("round");
        span?.SetTag("esddns.reason", reason.ToString());

        DesiredRecord[] desiredRecords = [.. (await records.CurrentAsync(cancellationToken)).DistinctBy(r => r.Id)];
        var families = FamiliesOf(desiredRecords);
        var wan = await observer.FindAsync(families, asksSources, cancellationToken);
        var assignment = await zones.PlaceAsync(
            desiredRecords,
            state.Current,
            reason,
            waitsForAllZones,
            cancellationToken
        );
        var busy = zoneRunner.BusyRecords();
        state.Update(s => desired.Begin(s, wan, desiredRecords, assignment, busy));
        await zoneRunner.RunAsync(assignment, busy, reason, waitsForAllZones, cancellationToken);

        foreach (var family in families)
            Measure(family, desiredRecords);
        span?.SetTag("esddns.in_sync", state.Current.InSync);
        var (now, next) = (time.GetUtcNow(), nextPoll?.Invoke());
        var after = state.Update(s =>
            TransitionRule.Apply(s, now) with
            {
                Round = s.Round + 1,
                At = now,
                NextCheckAt = next,
            }
        );
        // The person who asked for the round may read its times at another pod.
        await state.SaveAsync(cancellationToken, withTimes: reason.IsByPerson());
        return after;
    }

    /// <summary>
    /// Runs the round of a follower: it finds and agrees, and publishes its observations. It does not process records.
    /// </summary>
    public async Task ObserveAsync(ReconcileReason reason, bool asksSources, CancellationToken cancellationToken)
    {
        using var span = OperatorTracing.StartTrace("observation");
        span?.SetTag("esddns.reason", reason.ToString());
        var own = await records.CurrentAsync(cancellationToken);
        await observer.ObserveAsync(FamiliesOf(own), asksSources, cancellationToken);
    }

    private static IpFamily[] FamiliesOf(IEnumerable<DesiredRecord> records) =>
        [.. records.Where(r => r.FollowsWan).Select(r => r.Family).Distinct().Order()];

    /// <summary>
    /// Ends the measurement of other addresses after an agreement, and that of the agreed address when all records have
    /// it, or are preserved and never will.
    /// </summary>
    private void Measure(IpFamily family, IEnumerable<DesiredRecord> desiredRecords)
    {
        if (state.Current.WanOf(family) is not { Verdict: VerdictKind.Agreed, Address: { } address })
            return;
        convergence.Agreed(address);
        var isSettled = desiredRecords
            .Where(r => r.FollowsWan && r.Family == family)
            .All(r =>
                state.Current.Records[r.Id]?.State is SyncStatus.UpToDate or SyncStatus.LeftAlone or SyncStatus.Skipped
            );
        if (isSettled)
            convergence.Settled(address);
    }
}
