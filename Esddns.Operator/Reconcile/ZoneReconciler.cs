using Esddns.Operator.Dns;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>Plan and apply, for the records of one zone: reads before it writes, and writes only what differs.</summary>
internal sealed partial class ZoneReconciler(
    IDnsProvider provider, RecordBook book, Backoff<DomainName> backoff, OperatorMetrics metrics, TimeProvider time, ILogger<ZoneReconciler> logger)
{
    private static readonly Answer<RRset?> s_unread = new Answer<RRset?>.Unavailable(new(FaultKind.Transient, "unread", "The provider was not asked."));

    /// <summary>Brings the records to the addresses that this round agreed on. Faults end up in the records' states, not in exceptions.</summary>
    public async Task ReconcileAsync(
        DomainName zone, IReadOnlyList<PlacedRecord> records, RoundReason reason, CancellationToken cancellationToken)
    {
        var agreed = records.Where(r => book.CallsForReading(r)).ToArray();
        foreach (var record in records.Except(agreed)) await ApplyAsync(record, s_unread, reason, cancellationToken);
        if (reason == RoundReason.Timer && agreed.All(book.IsSettled))
        {
            foreach (var record in agreed) book.IsRight(record);
            return;
        }

        if (agreed.Length == 0 || !backoff.MayTry(zone, reason == RoundReason.Request)) return;

        switch (await provider.ReadAsync(zone, [.. agreed.Select(r => r.Key)], cancellationToken))
        {
            case Answer<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(var fault):
                foreach (var record in agreed) Failed(record, fault with { Unconfirmed = false });
                backoff.Failed(zone, fault.RetryAfter);
                break;
            case Answer<IReadOnlyDictionary<RecordKey, RRset>>.Known(var current):
                if (await ApplyAsync(agreed, current, reason, cancellationToken) is { } stopped) backoff.Failed(zone, stopped.RetryAfter);
                else backoff.Succeeded(zone);
                break;
        }
    }

    /// <summary>Each record by itself. A fault of one request spares the others; a fault of the provider ends the attempt.</summary>
    private async Task<ProviderFault?> ApplyAsync(
        IReadOnlyList<PlacedRecord> records, IReadOnlyDictionary<RecordKey, RRset> current, RoundReason reason, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            var rrset = current.GetValueOrDefault(record.Key);
            if (book.Read(record, rrset) is { } drift) LogDrift(record.Key.Fqdn, record.Key.Type, drift.From.ToString(), drift.To.ToString());
            if (await ApplyAsync(record, new Answer<RRset?>.Known(rrset), reason, cancellationToken) is { Kind: not FaultKind.Definitive } fault) return fault;
        }

        return null;
    }

    private async Task<ProviderFault?> ApplyAsync(PlacedRecord record, Answer<RRset?> observed, RoundReason reason, CancellationToken cancellationToken)
    {
        switch (Plan(record, observed))
        {
            case PlannedAction.Noop:
                book.IsRight(record);
                return null;
            case PlannedAction.Preserve(var why):
                if (book.Preserved(record, why)) LogPreserved(record.Key.Fqdn, record.Key.Type, why);
                return null;
            case PlannedAction.Write(var next):
                return await WriteAsync(record, (observed as Answer<RRset?>.Known)?.Value, next, reason, cancellationToken);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private PlannedAction Plan(PlacedRecord record, Answer<RRset?> observed)
    {
        using var span = OperatorTracing.Start("plan", ("esddns.record", record.Key), ("esddns.observed", observed));
        var action = Planner.Plan(record.Key, record.Record, book.EvidenceFor(record), observed, book.Ours(record));
        span?.SetTag("esddns.action", action.GetType().Name);
        return action;
    }

    private async Task<ProviderFault?> WriteAsync(
        PlacedRecord record, RRset? before, RRset next, RoundReason reason, CancellationToken cancellationToken)
    {
        using var span = OperatorTracing.Start("write", ("esddns.record", record.Key), ("esddns.values", next.Values));
        book.AboutToWrite(record);
        var started = time.GetTimestamp();
        switch (await provider.WriteAsync(next, before, cancellationToken))
        {
            case Answer<RRset>.Known(var after):
                metrics.Updated(record.Key.Fqdn, record.Key.Type.ToString(), time.GetElapsedTime(started));
                book.Written(record, before, after, reason);
                LogWritten(record.Key.Fqdn, record.Key.Type, after.Values.ToString(), (before?.Values ?? AddressSet.Empty).ToString(), reason);
                return null;
            case Answer<RRset>.Unavailable(var fault):
                Failed(record, fault);
                return fault;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void Failed(PlacedRecord record, ProviderFault fault)
    {
        metrics.UpdateFailed(record.Key.Fqdn, record.Key.Type.ToString(), fault.Type);
        if (book.Failed(record, fault)) LogFailed(record.Key.Fqdn, record.Key.Type, fault.Message);
    }

    [LoggerMessage(EventName = "RecordWritten", Level = LogLevel.Information, Message = "{Fqdn} {Type} is {After} (was {Before}), woken by {Reason}")]
    private partial void LogWritten(string fqdn, RecordType type, string after, string before, RoundReason reason);

    [LoggerMessage(EventName = "RecordDrifted", Level = LogLevel.Warning, Message = "{Fqdn} {Type} was changed by somebody else, from {From} to {To}")]
    private partial void LogDrift(string fqdn, RecordType type, string from, string to);

    [LoggerMessage(EventName = "RecordPreserved", Level = LogLevel.Warning, Message = "{Fqdn} {Type} is left alone: {Why}")]
    private partial void LogPreserved(string fqdn, RecordType type, string why);

    [LoggerMessage(EventName = "RecordFailed", Level = LogLevel.Error, Message = "{Fqdn} {Type} failed: {Why}")]
    private partial void LogFailed(string fqdn, RecordType type, string why);
}
