using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Esddns.Operator.Dns.Gandi;

/// <summary>An answer of LiveDNS, whole, or why there is none.</summary>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="Body">At most <see cref="LiveDnsClient.MaxBody"/> bytes.</param>
/// <param name="RetryAfter">From the header of that name.</param>
/// <param name="Next">The next page of a list.</param>
/// <param name="NoAnswer">Set when there was no answer.</param>
internal sealed record LiveDnsReply(
    HttpStatusCode? Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter = null, Uri? Next = null, ProviderFault? NoAnswer = null)
{
    private const int MaxExplanation = 300;

    /// <summary>2xx: an update answers 201 as a creation does, a deletion 204.</summary>
    public bool IsSuccess => Status is { } status && (int)status is >= 200 and < 300;

    /// <summary>Success in LiveDNS's own words: a captive portal, too, answers 200.</summary>
    public bool IsConfirmed => IsSuccess && Error?.Message is not null;

    /// <summary>404 for the record; the other 404 is for the zone.</summary>
    public bool SaysNoSuchRecord => Status == HttpStatusCode.NotFound && Error?.Object == "dns-record";

    private LiveDnsError? Error => field ??= TryRead(LiveDnsJson.Default.LiveDnsError);

    /// <summary>The body as <typeparamref name="T"/>, or null when it is anything else.</summary>
    public T? TryRead<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
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

    /// <summary>Why this answer is not the one that was wanted.</summary>
    public ProviderFault Fault(string operation)
    {
        if (NoAnswer is not null) return NoAnswer;
        var said = $"{operation}: {(int)Status!.Value} {Explanation()}";
        return Status switch
        {
            HttpStatusCode.Unauthorized => new(FaultKind.Persistent, "unauthorized",
                $"{said}. The token is not valid: make a new personal access token"),
            HttpStatusCode.Forbidden => new(FaultKind.Persistent, "forbidden",
                $"{said}. The token has expired or lacks the permission \"Manage domain name technical configurations\""),
            HttpStatusCode.NotFound => new(FaultKind.Persistent, "zone_not_found",
                $"{said}. The zone does not exist or is not visible to this token: check its name and the token's organization"),
            HttpStatusCode.TooManyRequests => new(FaultKind.Transient, "rate_limited", said, RetryAfter),
            HttpStatusCode.RequestTimeout => new(FaultKind.Transient, "timeout", said, RetryAfter, Unconfirmed: true),
            >= HttpStatusCode.InternalServerError => new(FaultKind.Transient, "server_error", said, RetryAfter, Unconfirmed: true),
            >= HttpStatusCode.BadRequest => new(FaultKind.Definitive, "rejected", said),
            _ => Unreadable(operation),
        };
    }

    /// <summary>A successful status with a body that is not what the API page says, as of a captive portal.</summary>
    public ProviderFault Unreadable(string operation) =>
        new(FaultKind.Transient, "unreadable", $"{operation}: {(int)Status!.Value} with an answer that is not LiveDNS's: {Explanation()}", RetryAfter);

    private string Explanation()
    {
        if (Error is { Errors: { Length: > 0 } details })
            return string.Join("; ", details.OfType<LiveDnsErrorDetail>().Select(d => $"{d.Name}: {d.Description}"));
        if (Error?.Message is { Length: > 0 } message) return OneLine(message);
        return Body.IsEmpty ? "without explanation" : OneLine(System.Text.Encoding.UTF8.GetString(Body.Span));
    }

    private static string OneLine(string text)
    {
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return text.Length <= MaxExplanation ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, MaxExplanation)}…");
    }
}
