using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// An RRset in the format of LiveDNS:
/// <code>
/// {"rrset_name":"home","rrset_type":"A","rrset_ttl":300,"rrset_values":["198.51.100.4"],"rrset_href":"https://…"}
/// </code>
/// <c>rrset_href</c> is ignored, because the URL is computed.
/// </summary>
internal sealed record LiveDnsRRset(
    [property: JsonPropertyName("rrset_name")] string? Name,
    [property: JsonPropertyName("rrset_type")] string? Type,
    [property: JsonPropertyName("rrset_ttl")] int? Ttl,
    [property: JsonPropertyName("rrset_values")] string?[]? Values
);

/// <summary>
/// The body of a PUT of one RRset. The TTL is always sent; without it, LiveDNS resets the TTL to 10 800.
/// </summary>
internal sealed record LiveDnsUpdate(
    [property: JsonPropertyName("rrset_ttl")] int Ttl,
    [property: JsonPropertyName("rrset_values")] string[] Values
);

/// <summary>An entry in the list of domains of the account.</summary>
internal sealed record LiveDnsDomain([property: JsonPropertyName("fqdn")] string? Fqdn);

/// <summary>
/// The two formats of an error:
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

/// <summary>The problem with one field of a request.</summary>
internal sealed record LiveDnsErrorDetail(
    [property: JsonPropertyName("location")] string? Location,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("description")] string? Description
);

/// <summary>JSON source generation, without reflection.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LiveDnsRRset))]
[JsonSerializable(typeof(LiveDnsRRset[]))]
[JsonSerializable(typeof(LiveDnsUpdate))]
[JsonSerializable(typeof(LiveDnsDomain[]))]
[JsonSerializable(typeof(LiveDnsError))]
internal sealed partial class LiveDnsJson : JsonSerializerContext;
