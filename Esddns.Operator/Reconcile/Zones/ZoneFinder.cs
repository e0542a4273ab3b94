using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>
/// Finds the zone of a record that is configured without one: the longest match in the list of zones of the account.
/// The last two labels of a name are not sufficient, e.g. in <c>example.co.uk</c>. Records in known zones do not wait
/// for a slow list.
/// </summary>
internal sealed class ZoneFinder(
    IDnsProvider provider,
    Backoff<ZoneFinder> backoff,
    ReconcileTrigger trigger,
    TimeProvider time
)
{
    /// <summary>The maximum number of zones in a message.</summary>
    private const int MaxNamed = 10;

    /// <summary>The cache lifetime of the list. A new zone may have been created for the name of a record.</summary>
    private static readonly TimeSpan s_cacheLifetime = TimeSpan.FromHours(12);

    private Task _reading = Task.CompletedTask;
    private LookupResult<IReadOnlyCollection<DomainName>>? _list;
    private long _listedAt;

    /// <summary>
    /// Assigns each record to a zone. The list is read when a record is in no known zone, and twice a day. Records that
    /// wait for the first list have neither a zone nor a fault.
    /// </summary>
    public async Task<ZoneAssignment> PlaceAsync(
        IReadOnlyList<DesiredRecord> records,
        Snapshot before,
        ReconcileReason reason,
        bool waitsForList,
        CancellationToken cancellationToken
    )
    {
        var placed = new List<ZoneRecord>(records.Count);
        var unplaced = new List<(DesiredRecord, ProviderFault)>();
        var isDue = _list is null || time.GetElapsedTime(_listedAt) >= s_cacheLifetime;
        var isListed = false;
        foreach (var record in records)
        {
            var key = record is { Zone: { } zone, Name: { } name } ? new RecordKey(zone, name, record.Type) : null;
            key ??= isDue && reason == ReconcileReason.Timer ? null : KnownKey(before.Records[record.Id]);
            if (key is not null)
            {
                placed.Add(new(key, record));
                continue;
            }

            if (!isListed)
                await ListAsync(reason, waitsForList, cancellationToken);
            isListed = true;
            var (found, fault) = Place(record, _list);
            // A known zone stays valid while the list is unavailable.
            if (
                _list is not LookupResult<IReadOnlyCollection<DomainName>>.Available
                && KnownKey(before.Records[record.Id]) is { } known
            )
                (found, fault) = (new ZoneRecord(known, record), null);
            if (found is not null)
                placed.Add(found);
            else if (fault is not null)
                unplaced.Add((record, fault));
        }

        if (unplaced.Count == 0)
            backoff.Succeeded(this);
        else if (backoff.MayTry(this, reason.IsByPerson()))
            backoff.Failed(this, unplaced[0].Item2.Kind, unplaced[0].Item2.RetryAfter);
        return new ZoneAssignment(placed, unplaced);
    }

    /// <summary>
    /// The location of the record from an earlier round, unless the provider reported since then that the zone does not
    /// exist.
    /// </summary>
    private static RecordKey? KnownKey(RecordState? before) =>
        before is { Outcome: RecordOutcome.Failed, LastError.Type: ProviderFault.ZoneNotFound } ? null : before?.Key;

    /// <summary>
    /// Reads the list again, unless a wait is pending. Without <paramref name="waits"/>, a list that takes longer than
    /// <see cref="LoopOptions.MinZoneWait"/> triggers a round when it arrives.
    /// </summary>
    private async Task ListAsync(ReconcileReason reason, bool waits, CancellationToken cancellationToken)
    {
        var reading = _reading;
        if (reading.IsFaulted)
        {
            // The round reports the exception of a list that outlived an earlier round, once.
            _reading = Task.CompletedTask;
            await reading;
        }

        if (reading.IsCompleted)
        {
            if (_list is not null && !backoff.MayTry(this, reason.IsByPerson()))
                return;
            reading = _reading = ReadAsync();
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var limit = waits ? Timeout.InfiniteTimeSpan : LoopOptions.MinZoneWait;
        await Task.WhenAny(reading, Task.Delay(limit, time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (reading.IsCompleted)
            await reading;
        else
            trigger.RequestAfter(reading, ReconcileReason.Retry);
    }

    /// <summary>Reads the list. It may outlive the round; the time limit of the DNS provider ends it.</summary>
    private async Task ReadAsync()
    {
        _list = await provider.ZonesAsync(CancellationToken.None);
        _listedAt = time.GetTimestamp();
    }

    private static (ZoneRecord? Placed, ProviderFault? Fault) Place(
        DesiredRecord record,
        LookupResult<IReadOnlyCollection<DomainName>>? list
    )
    {
        if (list is null)
            return (null, null);
        if (list is LookupResult<IReadOnlyCollection<DomainName>>.Unavailable(var fault))
            return (null, fault);
        var known = ((LookupResult<IReadOnlyCollection<DomainName>>.Available)list).Value;
        if (known.Where(record.Fqdn.Host.IsWithin).MaxBy(z => z.ToString().Length) is { } zone)
            return (new ZoneRecord(new RecordKey(zone, record.Fqdn.In(zone), record.Type), record), null);
        var names = known.Count == 0 ? "none" : string.Join(", ", known.Take(MaxNamed));
        var message = $"{record.Fqdn} is in none of the zones that are visible to the token ({names})";
        return (null, new ProviderFault(FaultKind.Persistent, ProviderFault.ZoneNotFound, message));
    }
}
