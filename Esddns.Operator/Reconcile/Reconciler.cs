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
    ConvergenceClock convergence,
    TimeProvider time)
{
    /// <summary>One round.</summary>
    /// <returns>The state as it is published at the end.</returns>
    public async Task<Snapshot> RunOnceAsync(RoundReason reason, CancellationToken cancellationToken)
    {
        using var span = OperatorTracing.StartTrace("round");
        span?.SetTag("esddns.reason", reason.ToString());

        var wanted = records.Current;
        var families = wanted.Select(r => r.Family).Distinct().Order().ToArray();
        var wan = await Task.WhenAll(families.Select(f => addresses.RunAsync(f, state.Current.WanOf(f), cancellationToken)));
        var placed = await zones.PlaceAsync(wanted, state.Current, cancellationToken);
        state.Update(s => Begin(s, wan, placed));

        foreach (var record in placed.Where(r => r.Fault is not null)) book.Failed(record, record.Fault!);
        foreach (var zone in placed.Where(r => r.Fault is null).GroupBy(r => r.Key.Zone))
            await zoneReconciler.ReconcileAsync(zone.Key, [.. zone], reason, cancellationToken);

        foreach (var family in families.Where(f => IsSettled(f, placed))) convergence.Settled(family);
        span?.SetTag("esddns.in_sync", state.Current.InSync);
        return state.Update(s => s with { Round = s.Round + 1, At = time.GetUtcNow() }, keep: true);
    }

    /// <summary>The records that are wanted now, with what is remembered of each; one whose wish changed is no longer in sync.</summary>
    private Snapshot Begin(Snapshot before, IEnumerable<WanState> wan, IReadOnlyList<PlacedRecord> placed)
    {
        var next = before with { Wan = [.. wan], By = Environment.MachineName };
        return next with
        {
            Records = [.. placed.Select(p =>
            {
                var record = before.RecordOf(p.Key) ?? new RecordState(p.Key);
                var desired = Desired(p.Record, next.WanOf(p.Record.Family));
                var same = Equals(record.Desired, desired) && record.Ttl == p.Record.Ttl;
                return record with { Desired = desired, Ttl = p.Record.Ttl, InSync = record.InSync && same };
            })],
        };
    }

    private AddressSet? Desired(DesiredRecord record, WanState? wan) => wan switch
    {
        { Verdict: VerdictKind.Absent } when record.WhenAbsent == AbsencePolicy.Remove => AddressSet.Empty,
        { Address: { } address } => AddressSet.Of(Published(record, address)),
        _ => null,
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
        && placed.Where(p => p.Record.Family == family).All(p => state.Current.RecordOf(p.Key)?.InSync == true);
}
