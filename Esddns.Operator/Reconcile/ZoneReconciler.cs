using Esddns.Operator.Dns;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>A zone, and the name of the credentials it is reached with.</summary>
internal sealed record ZoneAccess(DomainName Zone, string? Credentials);

/// <summary>Plan and apply, for the records of one zone: reads before it writes, and writes only what differs.</summary>
internal sealed partial class ZoneReconciler(
    IDnsProviders providers, RecordBook book, Backoff<ZoneAccess> backoff, OperatorMetrics metrics, TimeProvider time, ILogger<ZoneReconciler> logger)
{
    private static readonly Answer<RRset?> s_unread = new Answer<RRset?>.Unavailable(new(FaultKind.Transient, "unread", "The provider was not asked."));

    /// <summary>Brings the records to the addresses that this round found. Faults end up in the records' states, not in exceptions.</summary>
    public async Task ReconcileAsync(
        ZoneAccess access, IReadOnlyList<PlacedRecord> records, RoundReason reason, CancellationToken cancellationToken)
    {
        var known = records.Where(book.CallsForReading).ToArray();
        Plan([.. records.Except(known).Select(r => (r, s_unread))]);
        if (IsEarlyEnough(known, reason))
        {
            foreach (var record in known) book.IsRight(record);
            return;
        }

        if (known.Length == 0 || !backoff.MayTry(access, reason == RoundReason.Request)) return;

        var provider = providers.With(access.Credentials);
        switch (await provider.ReadAsync(access.Zone, [.. known.Select(r => r.Key)], cancellationToken))
        {
            case Answer<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(var fault):
                foreach (var record in known) Failed(record, fault with { Unconfirmed = false });
                backoff.Failed(access, fault.RetryAfter);
                break;
            case Answer<IReadOnlyDictionary<RecordKey, RRset>>.Known(var current):
                if (await WriteAsync(provider, Plan(Read(known, current)), reason, cancellationToken) is { } stopped) backoff.Failed(access, stopped.RetryAfter);
                else backoff.Succeeded(access);
                break;
        }
    }

    /// <summary>
    /// Whether asking the provider can wait: on a timer while the name servers say the right thing; on news, and on what is tried again,
    /// that concern others, as long as the provider or its name servers were asked within the interval.
    /// </summary>
    private bool IsEarlyEnough(PlacedRecord[] records, RoundReason reason) => reason switch
    {
        RoundReason.Timer => records.All(book.IsSettled),
        RoundReason.Retry or RoundReason.Cluster or RoundReason.Canary or RoundReason.Network => records.All(r => book.IsSettled(r) || book.IsFresh(r)),
        _ => false,
    };

    private (PlacedRecord Record, Answer<RRset?> Observed)[] Read(PlacedRecord[] records, IReadOnlyDictionary<RecordKey, RRset> current)
    {
        foreach (var record in records)
            if (book.Read(record, current.GetValueOrDefault(record.Key)) is { } drift) LogDrift(record.Key.Fqdn, record.Key.Type, drift.From.ToString(), drift.To.ToString());
        return [.. records.Select(r => (r, (Answer<RRset?>)new Answer<RRset?>.Known(current.GetValueOrDefault(r.Key))))];
    }

    /// <summary>Enters what needs no write, and says what does.</summary>
    private List<PlannedWrite> Plan(IReadOnlyCollection<(PlacedRecord Record, Answer<RRset?> Observed)> records)
    {
        var writes = new List<PlannedWrite>();
        foreach (var (record, observed) in records)
        {
            using var span = OperatorTracing.Start("plan", ("esddns.record", record.Key), ("esddns.observed", observed));
            var action = Planner.Plan(record.Key, record.Record, book.EvidenceFor(record), observed, book.Ours(record));
            span?.SetTag("esddns.action", action.GetType().Name);
            if (action is PlannedAction.Noop) book.IsRight(record);
            else if (action is PlannedAction.Write(var next)) writes.Add(new(record, ((Answer<RRset?>.Known)observed).Value, next));
            else if (action is PlannedAction.Preserve(var why) && book.Preserved(record, why)) LogPreserved(record.Key.Fqdn, record.Key.Type, why);
        }

        return writes;
    }

    /// <summary>Each record by itself. A fault of one request spares the others; a fault of the provider ends the attempt.</summary>
    private async Task<ProviderFault?> WriteAsync(IDnsProvider provider, List<PlannedWrite> writes, RoundReason reason, CancellationToken cancellationToken)
    {
        if (writes.Count == 0) return null;
        if (!await book.AboutToWriteAsync([.. writes.Select(w => w.Record)], cancellationToken))
        {
            var fault = new ProviderFault(FaultKind.Transient, "not_kept", "Nothing was written: the state could not be kept, and a successor would not know what is ours");
            foreach (var write in writes) Failed(write.Record, fault);
            return fault;
        }

        foreach (var write in writes)
            if (await WriteAsync(provider, write, reason, cancellationToken) is { Kind: not FaultKind.Definitive } fault) return fault;
        return null;
    }

    private async Task<ProviderFault?> WriteAsync(IDnsProvider provider, PlannedWrite write, RoundReason reason, CancellationToken cancellationToken)
    {
        var (record, before, next) = write;
        using var span = OperatorTracing.Start("write", ("esddns.record", record.Key), ("esddns.values", next.Values));
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

    /// <summary>What is to be sent, and what it replaces.</summary>
    private sealed record PlannedWrite(PlacedRecord Record, RRset? Before, RRset Next);
}
