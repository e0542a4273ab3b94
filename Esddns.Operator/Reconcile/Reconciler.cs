using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>Runs a round: find, agree, plan, apply, publish. No other class changes remote state.</summary>
internal sealed class Reconciler(
    IDesiredRecords records,
    AddressDiscovery addresses,
    ZoneFinder zones,
    ZoneReconciler zoneReconciler,
    HostAddresses hostAddresses,
    StateStore state,
    LocalObservations local,
    IEnumerable<IObservationPublisher> reports,
    HostIdentity identity,
    ConvergenceClock convergence,
    TimeProvider time
)
{
    /// <summary>Runs one round.</summary>
    /// <param name="reason">The reason of the round.</param>
    /// <param name="cancellationToken">Cancels the round.</param>
    /// <param name="asksSources">Whether the address sources are polled; if not, the last observations are
    /// used.</param>
    /// <returns>The state that is published at the end.</returns>
    public async Task<Snapshot> RunOnceAsync(
        ReconcileReason reason,
        CancellationToken cancellationToken,
        bool asksSources = true
    )
    {
        using var span = OperatorTracing.StartTrace("round");
        span?.SetTag("esddns.reason", reason.ToString());

        DesiredRecord[] desiredRecords = [.. (await records.CurrentAsync(cancellationToken)).DistinctBy(r => r.Id)];
        var families = FamiliesOf(desiredRecords);
        // A family without any observation cannot wait for the next interval.
        var polled = await FindAsync(
            [.. families.Where(f => asksSources || Remembered(f) is null)],
            state.Current.WanOf,
            cancellationToken
        );
        ImmutableArray<WanState> wan =
        [
            .. families.Select(f => polled.FirstOrDefault(w => w.Family == f) ?? Remembered(f)!),
        ];
        var placement = await zones.PlaceAsync(desiredRecords, state.Current, reason, cancellationToken);
        state.Update(s => Begin(s, wan, desiredRecords, placement));

        zoneReconciler.Unplaced(placement.Unplaced);
        await zoneReconciler.ReconcileAsync(placement.Placed, reason, cancellationToken);

        foreach (var family in families.Where(f => IsSettled(f, desiredRecords)))
            convergence.Settled(family);
        span?.SetTag("esddns.in_sync", state.Current.InSync);
        var after = state.Update(s => s with { Round = s.Round + 1, At = time.GetUtcNow() });
        await state.KeepAsync(cancellationToken);
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
        var families = FamiliesOf(own)
            .Union(state.Current.Wan.Select(w => w.Family))
            .Where(f => asksSources || local.WanOf(f) is null);
        await FindAsync([.. families.Order()], local.WanOf, cancellationToken);
    }

    private static IpFamily[] FamiliesOf(IEnumerable<DesiredRecord> records) =>
        [.. records.Where(r => r.FollowsWan).Select(r => r.Family).Distinct().Order()];

    private async Task<ImmutableArray<WanState>> FindAsync(
        IReadOnlyCollection<IpFamily> families,
        Func<IpFamily, WanState?> before,
        CancellationToken cancellationToken
    )
    {
        if (families.Count == 0)
            return [];
        ImmutableArray<WanState> wan =
        [
            .. await Task.WhenAll(families.Select(f => addresses.RunAsync(f, before(f), cancellationToken))),
        ];
        local.Wan = [.. local.Wan.Where(w => !families.Contains(w.Family)), .. wan];
        foreach (var report in reports)
            await report.ReportAsync(wan, cancellationToken);
        return wan;
    }

    private WanState? Remembered(IpFamily family) =>
        new[] { state.Current.WanOf(family), local.WanOf(family) }.FirstOrDefault(w =>
            w is { Verdict: not VerdictKind.Unknown }
        );

    /// <summary>
    /// Builds the states of the desired records from the earlier states. A record whose desired state changed becomes
    /// pending.
    /// </summary>
    private Snapshot Begin(
        Snapshot before,
        ImmutableArray<WanState> wan,
        IReadOnlyList<DesiredRecord> desiredRecords,
        ZoneAssignment placement
    )
    {
        var keys = placement.Placed.ToDictionary(p => p.Id, p => p.Key);
        var next = before with { Wan = wan, By = identity.Name };
        return next with
        {
            Records = RecordStates.Of(desiredRecords.Select(w => Begin(before, next, w, keys.GetValueOrDefault(w.Id)))),
        };
    }

    private RecordState Begin(Snapshot before, Snapshot next, DesiredRecord desiredRecord, RecordKey? key)
    {
        var record =
            before.Records[desiredRecord.Id]
            ?? new RecordState(desiredRecord.Fqdn, desiredRecord.Type)
            {
                Ours = desiredRecord.Published,
                IsOwnershipOutdated = desiredRecord.Published.Count > 0,
                // A write from before the loss of the state may still arrive.
                Unanswered = desiredRecord.Published.Count > 0 ? time.GetUtcNow() : null,
            };
        var desired = Desired(desiredRecord, next.WanOf(desiredRecord.Family), record.Desired);
        var isSame = Equals(record.Desired, desired) && record.Ttl == desiredRecord.Ttl;
        return record with
        {
            Key = key ?? record.Key,
            Desired = desired,
            Ttl = desiredRecord.Ttl,
            WantedBy = desiredRecord.WantedBy,
            Outcome =
                isSame || record.Outcome is RecordOutcome.Failed or RecordOutcome.Skipped
                    ? record.Outcome
                    : RecordOutcome.Pending,
        };
    }

    private AddressSet? Desired(DesiredRecord record, WanState? wan, AddressSet? before) =>
        (record.Addresses, wan) switch
        {
            (Evidence.Agreed(var addresses), _) => addresses,
            (Evidence.Absent, _)
            or (null, { Verdict: VerdictKind.Absent }) when record.WhenAbsent == AbsencePolicy.Remove =>
                AddressSet.Empty,
            (null, { Address: { } address }) => AddressSet.Of(Published(record, address)).With(record.Also),
            (null, _) => null,
            _ => before,
        };

    /// <summary>The address to publish when <paramref name="address"/> is the agreed WAN address.</summary>
    private IPAddress Published(DesiredRecord record, IPAddress address) =>
        record switch
        {
            { Type: RecordType.AAAA, HostId: { } hostId } => hostId.Behind(address),
            { Type: RecordType.AAAA } => hostAddresses.StableFor(address),
            _ => address,
        };

    /// <summary>Whether all records of the family have the agreed address, or are preserved and never will.</summary>
    private bool IsSettled(IpFamily family, IEnumerable<DesiredRecord> desiredRecords) =>
        state.Current.WanOf(family)?.Verdict == VerdictKind.Agreed
        && desiredRecords
            .Where(r => r.FollowsWan && r.Family == family)
            .All(r =>
                state.Current.Records[r.Id]?.State is SyncStatus.UpToDate or SyncStatus.LeftAlone or SyncStatus.Skipped
            );
}
