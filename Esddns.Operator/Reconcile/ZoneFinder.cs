using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>A record with its place in a zone, or the fault that kept it from being placed.</summary>
internal sealed record PlacedRecord(RecordKey Key, DesiredRecord Record, ProviderFault? Fault = null);

/// <summary>
/// Finds the zone of a record that names none. The account's own list decides, by the longest match: the last two labels of a
/// name are no zone in <c>example.co.uk</c>.
/// </summary>
internal sealed class ZoneFinder(IDnsProvider provider)
{
    /// <summary>Places every record. The list is asked for only when a record is in no zone known from before.</summary>
    public async Task<IReadOnlyList<PlacedRecord>> PlaceAsync(
        IReadOnlyList<DesiredRecord> records, Snapshot before, CancellationToken cancellationToken)
    {
        Answer<IReadOnlyCollection<DomainName>>? zones = null;
        var placed = new List<PlacedRecord>(records.Count);
        foreach (var record in records)
        {
            if (record is { Zone: { } zone, Name: { } name })
            {
                placed.Add(new(new RecordKey(zone, name, record.Type), record));
                continue;
            }

            var remembered = before.Records.FirstOrDefault(r => r.LastSuccess is not null && r.Key.Type == record.Type
                && string.Equals(r.Fqdn, record.Fqdn, StringComparison.OrdinalIgnoreCase));
            if (remembered is not null)
            {
                placed.Add(new(remembered.Key, record));
                continue;
            }

            zones ??= await provider.ZonesAsync(cancellationToken);
            placed.Add(Place(record, zones));
        }

        return placed;
    }

    private static PlacedRecord Place(DesiredRecord record, Answer<IReadOnlyCollection<DomainName>> zones)
    {
        // A wildcard's first label is no label of a host name; the zone is looked for below it.
        var (host, wildcard) = record.Fqdn.StartsWith("*.", StringComparison.Ordinal) ? (record.Fqdn[2..], true) : (record.Fqdn, false);
        var fqdn = DomainName.Parse(host);
        if (zones is Answer<IReadOnlyCollection<DomainName>>.Unavailable(var fault)) return new(Unplaced(fqdn, record), record, fault);

        var known = ((Answer<IReadOnlyCollection<DomainName>>.Known)zones).Value;
        if (known.Where(fqdn.IsWithin).MaxBy(z => z.ToString().Length) is { } zone)
        {
            var name = OwnerName.Of(fqdn, zone);
            if (wildcard) name = OwnerName.Parse(name.Equals(OwnerName.Apex) ? "*" : $"*.{name}");
            return new(new RecordKey(zone, name, record.Type), record);
        }

        return new(Unplaced(fqdn, record), record, new ProviderFault(FaultKind.Persistent, "zone_not_found",
            $"{record.Fqdn} is in none of the zones that the token can see ({(known.Count == 0 ? "none" : string.Join(", ", known.Take(10)))})"));
    }

    private static RecordKey Unplaced(DomainName fqdn, DesiredRecord record) => new(fqdn, OwnerName.Apex, record.Type);
}
