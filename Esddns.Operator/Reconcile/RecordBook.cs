using System.Globalization;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>Enters what happens to records into the state.</summary>
internal sealed class RecordBook(
    StateStore state, LoopOptions loop, AuthoritativeOptions authoritative, ConvergenceClock convergence, OperatorMetrics metrics, TimeProvider time)
{
    /// <summary>What the round found out about the addresses that the record should hold.</summary>
    public Evidence EvidenceFor(PlacedRecord record) => record.Record.Addresses switch
    {
        null => EvidenceFromWan(record),
        Evidence.Agreed when Of(record).Desired is { } desired => new Evidence.Agreed(desired),
        var known => known,
    };

    private Evidence EvidenceFromWan(PlacedRecord record) => state.Current.WanOf(record.Record.Family)?.Verdict switch
    {
        VerdictKind.Agreed when Of(record).Desired is { } desired => new Evidence.Agreed(desired),
        // While nothing else can be reached either, the absence of a family may be that of the internet.
        VerdictKind.Absent when state.Current.Wan.Any(w => w.Verdict == VerdictKind.Agreed) => new Evidence.Absent(),
        _ => new Evidence.Unknown(),
    };

    /// <summary>Whether something may have to be done about the record, so that it has to be read.</summary>
    public bool CallsForReading(PlacedRecord record) =>
        EvidenceFor(record) is Evidence.Agreed || (EvidenceFor(record) is Evidence.Absent && record.Record.WhenAbsent == AbsencePolicy.Remove && Ours(record).Count > 0);

    /// <summary>The values known to be ours.</summary>
    public AddressSet Ours(PlacedRecord record) => Of(record).Ours;

    /// <summary>The provider said what it has.</summary>
    /// <returns>Somebody else's edit, when that is what it shows.</returns>
    public Drift? Read(PlacedRecord record, RRset? current)
    {
        var now = time.GetUtcNow();
        var found = current?.Values ?? AddressSet.Empty;
        var drift = Of(record).Current is { } left && !left.Equals(found) ? new Drift(now, left, found) : null;
        Enter(record, r => r with { Current = found, Href = current?.Href ?? r.Href, LastAttempt = now, LastDrift = drift ?? r.LastDrift, InSync = r.InSync && drift is null });
        return drift;
    }

    /// <summary>Whether the record is known to be right without asking the provider: the zone's own servers have just said so.</summary>
    public bool IsSettled(PlacedRecord record) => Of(record) is { InSync: true, Outcome: RecordOutcome.Noop or RecordOutcome.Updated, Propagation: { IsDone: true } p, Current: { } current }
        && p.Expected.Equals(current)
        && (time.GetUtcNow() - p.At).Duration() < authoritative.Interval * 2;

    /// <summary>Whether nothing about the record has changed since it was found or made right, and that was not long ago.</summary>
    public bool IsFresh(PlacedRecord record) => Of(record) is { InSync: true, Outcome: RecordOutcome.Noop or RecordOutcome.Updated, LastAttempt: { } asked }
        && (time.GetUtcNow() - asked).Duration() < loop.SyncInterval;

    /// <summary>It is as it should be.</summary>
    public void IsRight(PlacedRecord record) => Enter(record, r => r with
    {
        Outcome = RecordOutcome.Noop,
        Reason = null,
        InSync = true,
        Ours = r.Desired!,
        LastSuccess = time.GetUtcNow(),
    });

    /// <summary>It is left alone.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Preserved(PlacedRecord record, string reason)
    {
        var before = Of(record);
        Enter(record, r => r with { Outcome = RecordOutcome.Preserved, Reason = reason });
        return before.Reason != reason;
    }

    /// <summary>Kept before the requests go out: whatever becomes of them, the values are ours.</summary>
    /// <returns>Whether it was kept; what is not kept must not be written.</returns>
    public Task<bool> AboutToWriteAsync(IReadOnlyCollection<PlacedRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records) Enter(record, r => r with { Ours = r.Ours.With(r.Desired!) });
        return state.KeepAsync(cancellationToken);
    }

    /// <summary>The provider confirmed a write.</summary>
    public void Written(PlacedRecord record, RRset? before, RRset after, RoundReason reason)
    {
        var now = time.GetUtcNow();
        var took = convergence.Elapsed(record.Record.Family);
        if (took is { } t) metrics.Converged(t);
        var why = $"{reason}: {(record.Record.Addresses is null ? Why(state.Current.WanOf(record.Record.Family)!) : record.Record.WantedBy)}";
        Enter(record, r => r with
        {
            Outcome = RecordOutcome.Updated,
            Reason = null,
            Current = after.Values,
            Href = after.Href,
            InSync = true,
            Ours = r.Desired!,
            LastSuccess = now,
            LastUpdate = now,
        });
        state.Update(s => s with
        {
            History = [new Change(now, s.By, record.Key.Fqdn, record.Key.Type, before?.Values, after.Values, why, took?.TotalSeconds), .. s.History.Take(Snapshot.MaxHistory - 1)],
        });
    }

    /// <summary>The provider could not be read or written. A write whose outcome is unknown makes the current value unknown.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Failed(PlacedRecord record, ProviderFault fault)
    {
        var before = Of(record);
        var now = time.GetUtcNow();
        Enter(record, r => r with
        {
            Outcome = RecordOutcome.Failed,
            Reason = null,
            Current = fault.Unconfirmed ? null : r.Current,
            InSync = r.InSync && !fault.Unconfirmed,
            LastAttempt = now,
            LastError = new RecordError(now, fault.Type, fault.Unconfirmed ? $"could not confirm: {fault.Message}" : fault.Message),
        });
        return before.Outcome != RecordOutcome.Failed || before.LastError?.Type != fault.Type;
    }

    private static string Why(WanState wan) => wan.Verdict == VerdictKind.Absent
        ? wan.Reason!
        : string.Create(CultureInfo.InvariantCulture, $"{wan.Votes.Count(v => v.Counted && Equals(v.Address, wan.Address))} operators say {wan.Address}");

    private RecordState Of(PlacedRecord record) => state.Current.RecordOf(record.Key) ?? new RecordState(record.Key);

    private void Enter(PlacedRecord record, Func<RecordState, RecordState> change) => state.Update(
        s => s with { Records = [.. s.Records.Select(r => r.Key.Equals(record.Key) ? change(r) : r)] });
}
