using System.Globalization;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile.Writing;

/// <summary>Adds confirmed writes to the history, with their reason and the time that they took.</summary>
internal sealed class ChangeHistory(
    StateStore state,
    ConvergenceClock convergence,
    OperatorMetrics metrics,
    TimeProvider time
)
{
    /// <summary>Adds a write.</summary>
    /// <param name="record">The record.</param>
    /// <param name="sent">What was known when the write was sent.</param>
    /// <param name="to">The values that were read back.</param>
    /// <param name="took">See <see cref="ConvergedAfter"/>.</param>
    public void Add(ZoneRecord record, SentWrite sent, AddressSet to, TimeSpan? took)
    {
        if (took is { } t)
            metrics.Converged(t);
        var (fqdn, type) = record.Id;
        var change = new Change(
            time.GetUtcNow(),
            state.Current.By,
            fqdn,
            type,
            sent.From,
            to,
            sent.Why,
            took?.TotalSeconds
        );
        state.Update(s => s with { History = [change, .. s.History.Take(Snapshot.MaxHistory - 1)] });
    }

    /// <summary>
    /// Adds a write that took effect, but whose sender ended before it read the record back. Its address has changed
    /// since, so the next write replaces it.
    /// </summary>
    public void AddEarlierWrite(ZoneRecord record)
    {
        if (Of(record) is { Sent: { To: { } to } sent, Current: { } current } && current.Equals(to))
            Add(record, sent, to, took: null);
    }

    /// <summary>
    /// The time since the first observation of the address that a record has now. Null when the record had it already:
    /// another client has changed it since.
    /// </summary>
    public TimeSpan? ConvergedAfter(ZoneRecord record, DateTimeOffset now) =>
        record.Record.FollowsWan
        && convergence.Elapsed(state.Current.WanOf(record.Record.Family)?.Address) is { } elapsed
        && !(Of(record).LastVerified >= now - elapsed)
            ? elapsed
            : null;

    /// <summary>The trigger of the round, and who requests these values, or who reports the address.</summary>
    public string Why(ZoneRecord record, ReconcileReason reason)
    {
        if (record.Record.Addresses is not null)
            return $"{reason}: {record.Record.WantedBy}";
        var wan = state.Current.WanOf(record.Record.Family)!;
        if (wan.Verdict == VerdictKind.Absent)
            return $"{reason}: {wan.Reason}";
        var providers = wan.Votes.Count(v => v.Counted && Equals(v.Address, wan.Address));
        return string.Create(CultureInfo.InvariantCulture, $"{reason}: {providers} providers report {wan.Address}");
    }

    private RecordState Of(ZoneRecord record) => state.Current.Records.StateOf(record.Id);
}
