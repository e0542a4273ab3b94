using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// An RRset as LiveDNS writes it:
/// <code>
/// {"rrset_name":"home","rrset_type":"A","rrset_ttl":300,"rrset_values":["198.51.100.4"],"rrset_href":"https://…"}
/// </code>
/// Its address is not taken from it: where it is, is known.
/// </summary>
internal sealed record LiveDnsRRset(
    [property: JsonPropertyName("rrset_name")] string? Name,
    [property: JsonPropertyName("rrset_type")] string? Type,
    [property: JsonPropertyName("rrset_ttl")] int? Ttl,
    [property: JsonPropertyName("rrset_values")] string?[]? Values
);

/// <summary>What a PUT of one RRset carries. The TTL is always sent: without it LiveDNS resets it to 10 800.</summary>
internal sealed record LiveDnsUpdate(
    [property: JsonPropertyName("rrset_ttl")] int Ttl,
    [property: JsonPropertyName("rrset_values")] string[] Values
);

/// <summary>An entry of the account's list of domains.</summary>
internal sealed record LiveDnsDomain([property: JsonPropertyName("fqdn")] string? Fqdn);

/// <summary>
/// The two shapes of an error:
/// <code>{"code":401,"message":"…","object":"HTTPUnauthorized","cause":"Unauthorized"}</code>
/// <code>{"status":"error","errors":[{"location":"body","name":"rrset_ttl","description":"60 is less than minimum value
/// 300"}]}</code>
/// </summary>
internal sealed record LiveDnsError(
    [property: JsonPropertyName("message")] string? Message,
    [property: JsonPropertyName("object")] string? Object,
    [property: JsonPropertyName("cause")] string? Cause,
    [property: JsonPropertyName("errors")] LiveDnsErrorDetail?[]? Errors
);

/// <summary>What is wrong with one field of a request.</summary>
internal sealed record LiveDnsErrorDetail(
    [property: JsonPropertyName("location")] string? Location,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("description")] string? Description
);

/// <summary>Reading and writing without reflection.</summary>
[JsonSerializable(typeof(LiveDnsRRset))]
[JsonSerializable(typeof(LiveDnsRRset[]))]
[JsonSerializable(typeof(LiveDnsUpdate))]
[JsonSerializable(typeof(LiveDnsDomain[]))]
[JsonSerializable(typeof(LiveDnsError))]
internal sealed partial class LiveDnsJson : JsonSerializerContext;
