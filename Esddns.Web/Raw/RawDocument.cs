using System.Globalization;
using System.Text.Json.Serialization;
using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Raw;

/// <summary>
/// The JSON of the old system, which scripts read:
/// <code>
/// {"wan_ip_state":{"usable":true,"IP":"198.51.100.4"},"record_state":{"in_sync":true,"record_data":{…}},
///  "poll_date":"2026-01-31 12:00:00"}
/// </code>
/// followed by newer fields.
/// </summary>
internal sealed record RawDocument(
    [property: JsonPropertyName("wan_ip_state")] RawWan Wan,
    [property: JsonPropertyName("record_state")] RawRecordState FirstRecord,
    [property: JsonPropertyName("poll_date")] string? PollDate,
    [property: JsonPropertyName("stale")] bool Stale,
    [property: JsonPropertyName("stale_seconds")] double? StaleSeconds,
    [property: JsonPropertyName("stale_reason")] string? StaleReason,
    [property: JsonPropertyName("records")] RawRecordState[] Records
)
{
    /// <summary>
    /// Creates the document from a status. The first record fills the field <c>record_state</c> of the old system.
    /// </summary>
    public static RawDocument Of(CachedStatus cached)
    {
        var records = cached.Status?.Records.Select(RawRecordState.Of).ToArray() ?? [];
        var first = cached.Status?.Records.FirstOrDefault();
        var wan = cached.Status?.Wan.FirstOrDefault(w => w.Family == (first?.RecordType == "AAAA" ? "IPv6" : "IPv4"));
        return new RawDocument(
            new RawWan(wan?.IsUsable == true, wan?.Address),
            records.FirstOrDefault() ?? new RawRecordState(false, null),
            cached.Status?.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            cached.IsStale,
            cached.IsStale ? cached.Age?.TotalSeconds : null,
            cached.Problem,
            records
        );
    }
}

/// <summary>The WAN address, and whether the last round agreed on it.</summary>
internal sealed record RawWan(
    [property: JsonPropertyName("usable")] bool Usable,
    [property: JsonPropertyName("IP")] string? Address
);

/// <summary>A record, and whether it is in sync.</summary>
internal sealed record RawRecordState(
    [property: JsonPropertyName("in_sync")] bool InSync,
    [property: JsonPropertyName("record_data")] RawRecord? Data
)
{
    /// <summary>Creates the entry of one record.</summary>
    public static RawRecordState Of(RecordStatus record) =>
        new(
            record.InSync,
            new RawRecord(
                record.Key?.Name ?? record.Fqdn,
                record.RecordType,
                record.Ttl,
                record.Current ?? [],
                record.Href
            )
        );
}

/// <summary>An RRset in the format of LiveDNS.</summary>
internal sealed record RawRecord(
    [property: JsonPropertyName("rrset_name")] string Name,
    [property: JsonPropertyName("rrset_type")] string Type,
    [property: JsonPropertyName("rrset_ttl")] int Ttl,
    [property: JsonPropertyName("rrset_values")] string[] Values,
    [property: JsonPropertyName("rrset_href")] string? Href
);

/// <summary>The generated serializer, which needs no reflection.</summary>
[JsonSerializable(typeof(RawDocument))]
internal sealed partial class RawJson : JsonSerializerContext;
