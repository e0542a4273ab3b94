using System.Net;
using System.Text.Json.Serialization;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Crd;

/// <summary>
/// An RRset in the status of a DynamicRecord, with the values that are ours. A new leader reads it when the ConfigMap
/// of the state does not contain the RRset. Its values are not validated.
/// </summary>
internal sealed class OwnedRecord
{
    /// <summary>The maximum number of RRsets in a status, as in the schema.</summary>
    public const int MaxRecords = 32;

    /// <summary>The maximum number of values in each list, as in the schema.</summary>
    public const int MaxValues = 1024;

    [JsonConverter(typeof(SharedTextConverter))]
    public string? Zone { get; set; }

    public string? Name { get; set; }

    [JsonConverter(typeof(SharedTextConverter))]
    public string? Type { get; set; }

    public int? Ttl { get; set; }

    /// <summary>The name of the credentials; null for those of the configuration.</summary>
    public string? Credentials { get; set; }

    /// <summary>The current values of ours, including those that are about to be sent.</summary>
    public List<string>? Ours { get; set; }

    /// <summary>Earlier values of ours.</summary>
    public List<string>? Former { get; set; }

    /// <summary>Whether a write may still take effect.</summary>
    public bool? Unconfirmed { get; set; }

    public DateTime? LastWriteTime { get; set; }

    /// <summary>
    /// The RRset for the status; null when no value is ours. It contains values that are not sent yet, because they are
    /// sent only after they are stored.
    /// </summary>
    public static OwnedRecord? Of(RecordState? record) =>
        record is not { Key: { } key } || (record.OursEver.Count == 0 && record.Sent is null)
            ? null
            : new OwnedRecord
            {
                Zone = key.Zone.ToString(),
                Name = key.Name.ToString(),
                Type = key.Type.ToString(),
                Ttl = record.Ttl,
                // Server-side apply of Kubernetes 1.20 makes null of an empty text.
                Credentials = record.Credentials is "" ? null : record.Credentials,
                Ours = [.. record.Ours.Select(a => a.ToString()).Take(MaxValues)],
                Former = record.Former is { IsEmpty: false } former
                    ? [.. former.Select(a => a.ToString()).Take(MaxValues)]
                    : null,
                Unconfirmed = record is { Sent: null, Unanswered: null } ? null : true,
                LastWriteTime = record.LastWritten?.UtcDateTime,
            };

    /// <summary>Whether these are all values of ours of <paramref name="record"/>, or more.</summary>
    public bool Covers(RecordState record)
    {
        if (Of(record) is not { } owned)
            return true;
        var known = new HashSet<string>([.. Ours ?? [], .. Former ?? []]);
        return (Zone, Name, Type, Credentials) == (owned.Zone, owned.Name, owned.Type, owned.Credentials)
            && (owned.Unconfirmed != true || Unconfirmed == true)
            && record.OursEver.All(a => known.Contains(a.ToString()));
    }

    /// <summary>The states of the RRsets in the status of an object. Invalid RRsets are left out.</summary>
    /// <param name="item">The object.</param>
    /// <param name="isOutdated">Whether values may have been sent that the status does not contain.</param>
    public static IEnumerable<RecordState> StatesOf(DynamicRecord item, bool isOutdated) =>
        from record in (item.Status?.Records ?? []).Take(MaxRecords)
        where record is not null
        select record.ToState(item, isOutdated) into state
        where state is not null
        select state;

    /// <summary>The identity of the RRset; null when it is invalid.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public RecordId? Id => Key?.Id;

    private RecordKey? Key =>
        DomainName.TryParse(Zone, null, out var zone)
        && OwnerName.TryParse(Name, null, out var name)
        && Fqdn.Of(name, zone).IsShortEnough
        && Enum.TryParse<RecordType>(Type, out var type)
        && Enum.IsDefined(type)
            ? new RecordKey(zone, name, type)
            : null;

    private RecordState? ToState(DynamicRecord item, bool isOutdated)
    {
        if (Key is not { } key)
            return null;
        DateTimeOffset? written = LastWriteTime is { } time ? new DateTimeOffset(time) : null;
        return new RecordState(key.Fqdn, key.Type)
        {
            Key = key,
            WantedBy = DynamicRecordReader.WantedBy(item),
            Ttl = Ttl ?? TtlRange.Default,
            Credentials = CredentialsFor(item),
            Ours = new AddressSet(Parsed(Ours)),
            Former = [.. Parsed(Former)],
            Sent = Unconfirmed == true ? new SentWrite(null, "sent by an earlier leader") : null,
            LastWritten = written,
            // A record that was found as desired was never written.
            LastVerified = written ?? item.Status?.LastSyncTime,
            IsOwnershipOutdated = isOutdated,
        };
    }

    /// <summary>
    /// The credentials as in <see cref="RecordState.Credentials"/>; null when they are those of another namespace.
    /// </summary>
    private string? CredentialsFor(DynamicRecord item)
    {
        if (Credentials is null)
            return "";
        var isOfNamespace =
            Credentials.StartsWith($"{item.Namespace}/", StringComparison.Ordinal)
            && Credentials.Contains('#', StringComparison.Ordinal);
        return isOfNamespace ? Credentials : null;
    }

    private static IEnumerable<IPAddress> Parsed(List<string>? addresses) =>
        (addresses ?? [])
            .Select(a => AddressText.TryParse(a, out var address) ? address : null)
            .OfType<IPAddress>()
            .Distinct();
}
