using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Desired;

/// <summary>Computes the desired values of the records from the WAN addresses.</summary>
internal sealed class DesiredStates(HostAddresses hostAddresses, HostIdentity identity, TimeProvider time)
{
    /// <summary>
    /// The snapshot at the start of a round: the desired records with their earlier states. A record whose desired
    /// state changed becomes pending. The work on a record of <paramref name="busy"/> continues, so its state stays as
    /// it is, even when it is no longer desired.
    /// </summary>
    public Snapshot Begin(
        Snapshot before,
        ImmutableArray<WanState> wan,
        IReadOnlyList<DesiredRecord> records,
        ZoneAssignment assignment,
        IReadOnlySet<RecordId> busy
    )
    {
        var keys = assignment.Placed.ToDictionary(p => p.Id, p => p.Key);
        var next = before with { Wan = wan, By = identity.Name };
        next = next with
        {
            Records = RecordStates.Of(
                records
                    .Where(r => !busy.Contains(r.Id))
                    .Select(r => Begin(before, next, r, keys.GetValueOrDefault(r.Id)))
                    .Concat(before.Records.Where(r => busy.Contains(r.Id)))
            ),
        };
        return TransitionRule.Apply(next, time.GetUtcNow(), before.Records);
    }

    private RecordState Begin(Snapshot before, Snapshot next, DesiredRecord record, RecordKey? key)
    {
        var status =
            before.Records[record.Id]
            ?? record.Earlier?.TakenOver(time.GetUtcNow())
            ?? new RecordState(record.Fqdn, record.Type);
        var desired = Desired(record, next.WanOf(record.Family), status.Desired);
        var isSame = Equals(status.Desired, desired) && status.Ttl == record.Ttl;
        return status with
        {
            Key = key ?? status.Key,
            Desired = desired,
            Ttl = record.Ttl,
            WantedBy = record.WantedBy,
            Credentials = record.Credentials ?? "",
            Outcome =
                isSame || status.Outcome is RecordOutcome.Failed or RecordOutcome.Skipped
                    ? status.Outcome
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
}
