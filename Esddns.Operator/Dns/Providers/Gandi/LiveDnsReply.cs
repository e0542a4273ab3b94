using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Esddns.Text;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>A complete response of LiveDNS, or the reason why there is none.</summary>
/// <param name="Status">The HTTP status; null without a response.</param>
/// <param name="Body">The body, at most <see cref="LiveDnsClient.MaxBody"/> bytes.</param>
/// <param name="RetryAfter">The delay that LiveDNS requests before the next request.</param>
/// <param name="Next">The URL of the next page of a list, possibly relative to the request.</param>
/// <param name="NoAnswer">The fault when there is no response; else null.</param>
internal sealed partial record LiveDnsReply(
    HttpStatusCode? Status,
    ReadOnlyMemory<byte> Body,
    TimeSpan? RetryAfter = null,
    string? Next = null,
    ProviderFault? NoAnswer = null
)
{
    /// <summary>The part of an unknown body that is searched for text, in bytes, including markup.</summary>
    private const int MaxExcerpt = 16 * 1024;

    /// <summary>The maximum length of an excerpt from an unknown body, in characters.</summary>
    private const int MaxUnknownText = 120;

    /// <summary>
    /// Whether the status is 2xx. LiveDNS returns 201 for an update as for a creation, and 204 for a deletion.
    /// </summary>
    public bool IsSuccess => Status is { } status && (int)status is >= 200 and < 300;

    /// <summary>
    /// Whether LiveDNS itself confirmed a write. A captive portal may also return success, but without a LiveDNS
    /// message.
    /// </summary>
    public bool IsConfirmed => Status == HttpStatusCode.Created && Error?.Message is not null;

    /// <summary>Whether the response is 404 for the record; LiveDNS returns another 404 for the zone.</summary>
    public bool IsNoSuchRecord => Status == HttpStatusCode.NotFound && Error?.Object == "dns-record";

    /// <summary>Whether the credentials were rejected or missing.</summary>
    public bool IsUnauthorized =>
        Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        || NoAnswer is { Type: ProviderFault.Unauthorized };

    /// <summary>The duration of the request, by the clock of the operator.</summary>
    public TimeSpan Took { get; init; }

    private LiveDnsError? Error => field ??= TryRead(LiveDnsJson.Default.LiveDnsError);

    /// <summary>The body as <typeparamref name="T"/>; null when it has another format.</summary>
    public T? TryRead<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The fault of a read. A read changes nothing, so it is never unconfirmed.</summary>
    public ProviderFault ReadFault(string operation) => Fault(operation) with { Unconfirmed = false };

    /// <summary>The fault that an unsuccessful response represents.</summary>
    public ProviderFault Fault(string operation)
    {
        if (NoAnswer is not null)
            return NoAnswer;
        var explanation = Explanation();
        var prefix = $"{operation}: {(int)Status!.Value} {explanation}";
        return Status switch
        {
            HttpStatusCode.Unauthorized => new(
                FaultKind.Persistent,
                ProviderFault.Unauthorized,
                $"{prefix}. The token is not valid: create a new personal access token"
            ),
            HttpStatusCode.Forbidden => new(
                FaultKind.Persistent,
                "forbidden",
                $"{prefix}. The token expired or lacks the permission \"Manage domain name technical configurations\""
            ),
            // A gateway has no zones, so its 404 does not mean a missing zone.
            HttpStatusCode.NotFound when Error?.Object is null => Unreadable(operation),
            HttpStatusCode.NotFound => new(
                FaultKind.Persistent,
                ProviderFault.ZoneNotFound,
                $"{prefix}. The zone does not exist or is not visible to this token: check its name and the "
                    + "token's organization"
            ),
            HttpStatusCode.TooManyRequests => new(FaultKind.Transient, "rate_limited", prefix, RetryAfter),
            HttpStatusCode.RequestTimeout => new(FaultKind.Transient, "timeout", prefix, RetryAfter, Unconfirmed: true),
            >= HttpStatusCode.InternalServerError => new(
                FaultKind.Transient,
                "server_error",
                prefix,
                RetryAfter,
                Unconfirmed: true
            ),
            >= HttpStatusCode.BadRequest => new(FaultKind.Definitive, "rejected", prefix),
            _ => Unreadable(operation),
        };
    }

    /// <summary>
    /// The fault for a response that does not match the API documentation, e.g. from a captive portal.
    /// </summary>
    public ProviderFault Unreadable(string operation)
    {
        var explanation = Explanation();
        return new(
            FaultKind.Transient,
            ProviderFault.Unreadable,
            $"{operation}: {(int)Status!.Value} with a response that is not from LiveDNS: {explanation}",
            RetryAfter
        );
    }

    /// <summary>
    /// The text of the response, cleaned for display. Messages must take response text only from here.
    /// </summary>
    private string Explanation()
    {
        if (Error is { Errors: { Length: > 0 } details })
        {
            var some = details.OfType<LiveDnsErrorDetail>().Take(10);
            return Cleaned(string.Join("; ", some.Select(d => Cleaned(d.Name) + ": " + Cleaned(d.Description))));
        }

        if (Error?.Message is { Length: > 0 } message)
            return Cleaned(message);
        if (Body.IsEmpty)
            return "without explanation";
        var text = Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, MaxExcerpt)]);
        return Cleaned(Markup().Replace(text, " "), MaxUnknownText);
    }

    private static string Cleaned(string? text, int maxLength = UntrustedText.MaxLength) =>
        UntrustedText.Clean(text, maxLength).TrimEnd('.');

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Markup();
}
