using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Esddns.Text;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>An answer of LiveDNS, whole, or why there is none.</summary>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="Body">At most <see cref="LiveDnsClient.MaxBody"/> bytes.</param>
/// <param name="RetryAfter">How long LiveDNS asks to be left alone.</param>
/// <param name="Next">The next page of a list, as the answer has it; relative to what was asked for.</param>
/// <param name="NoAnswer">Set when there was no answer.</param>
internal sealed partial record LiveDnsReply(
    HttpStatusCode? Status,
    ReadOnlyMemory<byte> Body,
    TimeSpan? RetryAfter = null,
    string? Next = null,
    ProviderFault? NoAnswer = null
)
{
    /// <summary>More than what is shown of a body that is not LiveDNS's, markup included.</summary>
    private const int MaxExcerpt = 16 * 1024;

    /// <summary>How much is shown of it, in characters.</summary>
    private const int MaxForeign = 120;

    /// <summary>2xx: an update answers 201 as a creation does, a deletion 204.</summary>
    public bool IsSuccess => Status is { } status && (int)status is >= 200 and < 300;

    /// <summary>A write was accepted, in LiveDNS's own words: a captive portal answers with success, too.</summary>
    public bool IsConfirmed => Status == HttpStatusCode.Created && Error?.Message is not null;

    /// <summary>404 for the record; the other 404 is for the zone.</summary>
    public bool SaysNoSuchRecord => Status == HttpStatusCode.NotFound && Error?.Object == "dns-record";

    /// <summary>Whether the credentials were refused, or there were none to present.</summary>
    public bool IsUnauthorized =>
        Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        || NoAnswer is { Type: ProviderFault.Unauthorized };

    /// <summary>How long it took, by the operator's clock.</summary>
    public TimeSpan Took { get; init; }

    private LiveDnsError? Error => field ??= TryRead(LiveDnsJson.Default.LiveDnsError);

    /// <summary>The body as <typeparamref name="T"/>, or null when it is anything else.</summary>
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

    /// <summary>Why this answer is not the one that was wanted.</summary>
    public ProviderFault Fault(string operation)
    {
        if (NoAnswer is not null)
            return NoAnswer;
        var said = $"{operation}: {(int)Status!.Value} {Explanation()}";
        return Status switch
        {
            HttpStatusCode.Unauthorized => new(
                FaultKind.Persistent,
                ProviderFault.Unauthorized,
                $"{said}. The token is not valid: make a new personal access token"
            ),
            HttpStatusCode.Forbidden => new(
                FaultKind.Persistent,
                "forbidden",
                $"{said}. The token has expired or lacks the permission \"Manage domain name technical configurations\""
            ),
            // A gateway on the way knows nothing of zones.
            HttpStatusCode.NotFound when Error?.Object is null => Unreadable(operation),
            HttpStatusCode.NotFound => new(
                FaultKind.Persistent,
                ProviderFault.ZoneNotFound,
                $"{said}. The zone does not exist or is not visible to this token: check its name and the "
                    + "token's organization"
            ),
            HttpStatusCode.TooManyRequests => new(FaultKind.Transient, "rate_limited", said, RetryAfter),
            HttpStatusCode.RequestTimeout => new(FaultKind.Transient, "timeout", said, RetryAfter, Unconfirmed: true),
            >= HttpStatusCode.InternalServerError => new(
                FaultKind.Transient,
                "server_error",
                said,
                RetryAfter,
                Unconfirmed: true
            ),
            >= HttpStatusCode.BadRequest => new(FaultKind.Definitive, "rejected", said),
            _ => Unreadable(operation),
        };
    }

    /// <summary>An answer that is not what the API's documentation says, as of a captive portal.</summary>
    public ProviderFault Unreadable(string operation) =>
        new(
            FaultKind.Transient,
            ProviderFault.Unreadable,
            $"{operation}: {(int)Status!.Value} with an answer that is not LiveDNS's: {Explanation()}",
            RetryAfter
        );

    /// <summary>What the answer has to say, fit to be shown: it is the only way for its text into messages.</summary>
    private string Explanation()
    {
        if (Error is { Errors: { Length: > 0 } details })
        {
            var some = details.OfType<LiveDnsErrorDetail>().Take(10);
            return Shown(string.Join("; ", some.Select(d => $"{Shown(d.Name)}: {Shown(d.Description)}")));
        }

        if (Error?.Message is { Length: > 0 } message)
            return Shown(message);
        if (Body.IsEmpty)
            return "without explanation";
        var text = Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, MaxExcerpt)]);
        return Shown(Markup().Replace(text, " "), MaxForeign);
    }

    private static string Shown(string? text, int maxLength = ForeignText.MaxLength) =>
        ForeignText.Clean(text, maxLength).TrimEnd('.');

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Markup();
}
