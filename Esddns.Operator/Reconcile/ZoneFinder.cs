using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>A record with its place in a zone.</summary>
internal sealed record ZoneRecord(RecordKey Key, DesiredRecord Record)
{
    /// <summary>Its identity.</summary>
    public RecordId Id => Record.Id;
}

/// <summary>Records and where they are; or why they could not be placed.</summary>
/// <param name="Placed">Those that have a place.</param>
/// <param name="Unplaced">The others, each with what is wrong.</param>
internal sealed record ZoneAssignment(
    IReadOnlyList<ZoneRecord> Placed,
    IReadOnlyList<(DesiredRecord Record, ProviderFault Fault)> Unplaced
);

/// <summary>
/// Finds the zone of a record that names none. The account's own list decides, by the longest match: the last two
/// labels of a name are no zone in <c>example.co.uk</c>.
/// </summary>
internal sealed class ZoneFinder(IDnsProvider provider, Backoff<ZoneFinder> backoff, TimeProvider time)
{
    /// <summary>
    /// After so long the list is asked for again: a zone of its own may have been made for a record's name.
    /// </summary>
    private static readonly TimeSpan s_keep = TimeSpan.FromHours(1);

    private LookupResult<IReadOnlyCollection<DomainName>>? _list;
    private long _listedAt;

    /// <summary>
    /// Places every record. The list is asked for when a record is in no zone known from before, and once an hour.
    /// </summary>
    public async Task<ZoneAssignment> PlaceAsync(
        IReadOnlyList<DesiredRecord> records,
        Snapshot before,
        ReconcileReason reason,
        CancellationToken cancellationToken
    )
    {
        var placed = new List<ZoneRecord>(records.Count);
        var unplaced = new List<(DesiredRecord, ProviderFault)>();
        var isDue = _list is null || time.GetElapsedTime(_listedAt) >= s_keep;
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
                _list = await ListAsync(reason, cancellationToken);
            isListed = true;
            var (found, fault) = Place(record, _list!);
            // What was found before stays found while the list cannot be had.
            if (
                _list is not LookupResult<IReadOnlyCollection<DomainName>>.Available
                && KnownKey(before.Records[record.Id]) is { } known
            )
                (found, fault) = (new ZoneRecord(known, record), null);
            if (found is not null)
                placed.Add(found);
            else
                unplaced.Add((record, fault!));
        }

        if (unplaced.Count == 0)
            backoff.Succeeded(this);
        else if (backoff.MayTry(this, reason.IsByPerson()))
            backoff.Failed(this, unplaced[0].Item2.Kind, unplaced[0].Item2.RetryAfter);
        return new ZoneAssignment(placed, unplaced);
    }

    /// <summary>
    /// Where the record was found before, unless the provider has said since that there is no such zone.
    /// </summary>
    private static RecordKey? KnownKey(RecordState? before) =>
        before is { Outcome: RecordOutcome.Failed, LastError.Type: ProviderFault.ZoneNotFound } ? null : before?.Key;

    private async Task<LookupResult<IReadOnlyCollection<DomainName>>> ListAsync(
        ReconcileReason reason,
        CancellationToken cancellationToken
    )
    {
        if (_list is not null && !backoff.MayTry(this, reason.IsByPerson()))
            return _list;
        var list = await provider.ZonesAsync(cancellationToken);
        _listedAt = time.GetTimestamp();
        return list;
    }

    private static (ZoneRecord? Placed, ProviderFault? Fault) Place(
        DesiredRecord record,
        LookupResult<IReadOnlyCollection<DomainName>> zones
    )
    {
        if (zones is LookupResult<IReadOnlyCollection<DomainName>>.Unavailable(var fault))
            return (null, fault);
        var known = ((LookupResult<IReadOnlyCollection<DomainName>>.Available)zones).Value;
        if (known.Where(record.Fqdn.Host.IsWithin).MaxBy(z => z.ToString().Length) is { } zone)
            return (new ZoneRecord(new RecordKey(zone, record.Fqdn.In(zone), record.Type), record), null);
        return (
            null,
            new ProviderFault(
                FaultKind.Persistent,
                ProviderFault.ZoneNotFound,
                $"{record.Fqdn} is in none of the zones that the token can see "
                    + $"({(known.Count == 0 ? "none" : string.Join(", ", known.Take(10)))})"
            )
        );
    }
}
