using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>The round, told once: find, agree, plan, apply, publish. Nothing else changes remote state.</summary>
internal sealed class Reconciler(
    IDesiredRecords records,
    AddressRound addresses,
    ZoneFinder zones,
    ZoneReconciler zoneReconciler,
    RecordBook book,
    HostAddresses hostAddresses,
    StateStore state,
    LocalView local,
    IEnumerable<IObservationReport> reports,
    HostIdentity identity,
    ConvergenceClock convergence,
    TimeProvider time)
{
    /// <summary>One round.</summary>
    /// <returns>The state as it is published at the end.</returns>
    public async Task<Snapshot> RunOnceAsync(RoundReason reason, CancellationToken cancellationToken)
    {
        using var span = OperatorTracing.StartTrace("round");
        span?.SetTag("esddns.reason", reason.ToString());

        var wanted = await records.CurrentAsync(cancellationToken);
        var families = wanted.Where(r => r.FollowsWan).Select(r => r.Family).Distinct().Order().ToArray();
        var wan = await FindAsync(families, state.Current.WanOf, cancellationToken);
        var placed = await zones.PlaceAsync(wanted, state.Current, cancellationToken);
        state.Update(s => Begin(s, wan, placed));

        foreach (var record in placed.Where(r => r.Fault is not null)) book.Failed(record, record.Fault!);
        foreach (var zone in placed.Where(r => r.Fault is null).GroupBy(r => new ZoneAccess(r.Key.Zone, r.Record.Credentials)))
            await zoneReconciler.ReconcileAsync(zone.Key, [.. zone], reason, cancellationToken);

        foreach (var family in families.Where(f => IsSettled(f, placed))) convergence.Settled(family);
        span?.SetTag("esddns.in_sync", state.Current.InSync);
        var after = state.Update(s => s with { Round = s.Round + 1, At = time.GetUtcNow() });
        await state.KeepAsync(cancellationToken);
        return after;
    }

    /// <summary>The round of a host that is not the leader: it finds and agrees, and tells what it sees. Records are none of its business.</summary>
    public async Task ObserveAsync(RoundReason reason, CancellationToken cancellationToken)
    {
        using var span = OperatorTracing.StartTrace("observation");
        span?.SetTag("esddns.reason", reason.ToString());
        var own = await records.CurrentAsync(cancellationToken);
        var families = own.Where(r => r.FollowsWan).Select(r => r.Family).Union(state.Current.Wan.Select(w => w.Family)).Order().ToArray();
        await FindAsync(families, local.WanOf, cancellationToken);
    }

    private async Task<ImmutableArray<WanState>> FindAsync(
        IReadOnlyCollection<IpFamily> families, Func<IpFamily, WanState?> before, CancellationToken cancellationToken)
    {
        ImmutableArray<WanState> wan = [.. await Task.WhenAll(families.Select(f => addresses.RunAsync(f, before(f), cancellationToken)))];
        local.Wan = wan;
        foreach (var report in reports) await report.ReportAsync(wan, cancellationToken);
        return wan;
    }

    /// <summary>The records that are wanted now, with what is remembered of each; one whose wish changed is no longer in sync.</summary>
    private Snapshot Begin(Snapshot before, ImmutableArray<WanState> wan, IReadOnlyList<PlacedRecord> placed)
    {
        var remembered = before.Records.ToDictionary(r => r.Key);
        var next = before with { Wan = wan, By = identity.Name };
        return next with
        {
            Records = [.. placed.Select(p =>
            {
                var record = remembered.GetValueOrDefault(p.Key) ?? new RecordState(p.Key) { Ours = p.Record.Published };
                var desired = Desired(p.Record, next.WanOf(p.Record.Family), record.Desired);
                var same = Equals(record.Desired, desired) && record.Ttl == p.Record.Ttl;
                return record with { Desired = desired, Ttl = p.Record.Ttl, WantedBy = p.Record.WantedBy, InSync = record.InSync && same };
            })],
        };
    }

    private AddressSet? Desired(DesiredRecord record, WanState? wan, AddressSet? before) => (record.Addresses, wan) switch
    {
        (Evidence.Agreed(var addresses), _) => addresses,
        (Evidence.Absent, _) or (null, { Verdict: VerdictKind.Absent }) when record.WhenAbsent == AbsencePolicy.Remove => AddressSet.Empty,
        (null, { Address: { } address }) => AddressSet.Of(Published(record, address)).With(record.Also),
        (null, _) => null,
        _ => before,
    };

    /// <summary>What a record holds when <paramref name="address"/> is what the outside sees.</summary>
    private IPAddress Published(DesiredRecord record, IPAddress address) => record switch
    {
        { Type: RecordType.AAAA, HostId: { } hostId } => hostId.Behind(address),
        { Type: RecordType.AAAA } => hostAddresses.StableFor(address),
        _ => address,
    };

    private bool IsSettled(IpFamily family, IEnumerable<PlacedRecord> placed) =>
        state.Current.WanOf(family)?.Verdict == VerdictKind.Agreed
        && placed.Where(p => p.Record.FollowsWan && p.Record.Family == family).All(p => state.Current.RecordOf(p.Key)?.InSync == true);
}
