using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Esddns.Operator.Net;
using Esddns.Operator.Telemetry;
using Esddns.Text;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// Sends single requests of one account to LiveDNS, with limits for their number, their rate, their time and the size
/// of the response. It never retries a request.
/// </summary>
internal sealed partial class LiveDnsClient(
    HttpClient http,
    LiveDnsOptions options,
    LiveDnsTokens tokens,
    RequestRateLimiter limiter,
    ILeadership leadership,
    OperatorMetrics metrics,
    TimeProvider time
) : IDisposable
{
    /// <summary>The maximum size of a response in bytes; a page of records is always smaller.</summary>
    public const int MaxBody = 8 * 1024 * 1024;

    private const UriComponents WithoutUserInfoAndQuery = UriComponents.SchemeAndServer | UriComponents.Path;

    private readonly Uri _base = new(
        options.BaseUrl.GetComponents(WithoutUserInfoAndQuery, UriFormat.UriEscaped).TrimEnd('/') + "/"
    );

    private readonly OpenRequestLimiter _openRequests = new(options.MaxConcurrentRequests, time);

    /// <summary>The time limit for one request.</summary>
    public TimeSpan Timeout => options.Timeout;

    /// <summary>The absolute URI of <paramref name="path"/>.</summary>
    public Uri At(string path) => new(_base, path);

    /// <summary>
    /// Whether the token may be sent to <paramref name="address"/>: only to the configured server, and only below the
    /// path of its API.
    /// </summary>
    public bool MayReceiveToken(Uri address) => _base.IsBaseOf(address) && address.UserInfo.Length == 0;

    /// <summary>
    /// Sends a GET request to <paramref name="address"/>, for which <see cref="MayReceiveToken"/> must be true.
    /// </summary>
    public Task<LiveDnsReply> GetAsync(Uri address, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, address, null, cancellationToken);

    /// <summary>Replaces one RRset.</summary>
    public Task<LiveDnsReply> PutAsync(Uri address, LiveDnsUpdate update, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(update, LiveDnsJson.Default.LiveDnsUpdate);
        return SendAsync(HttpMethod.Put, address, body, cancellationToken);
    }

    /// <summary>Removes one RRset.</summary>
    public Task<LiveDnsReply> DeleteAsync(Uri address, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, address, null, cancellationToken);

    /// <summary>
    /// Sends a request with the token that worked last. When that token is rejected, retries once with the other token.
    /// </summary>
    private async Task<LiveDnsReply> SendAsync(
        HttpMethod method,
        Uri address,
        byte[]? body,
        CancellationToken cancellationToken
    )
    {
        if (!MayReceiveToken(address))
            throw new ArgumentException($"{address} is not below {_base}.", nameof(address));
        if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback && !options.AllowHttp)
            return NoAnswer(Unencrypted(address));
        var token = tokens.Preferred;
        var reply = await SendAsync(method, address, body, token, cancellationToken);
        if (!reply.IsUnauthorized || tokens.OtherThan(token) is not { } other)
            return reply;
        var second = await SendAsync(method, address, body, other, cancellationToken);
        if (second.IsUnauthorized)
            return reply;
        // A server error or a rate limit does not prove that the token was checked.
        if (second.Status is < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests)
            tokens.Prefer(other);
        return second;
    }

    private async Task<LiveDnsReply> SendAsync(
        HttpMethod method,
        Uri address,
        byte[]? body,
        LiveDnsToken token,
        CancellationToken cancellationToken
    )
    {
        if (token.Header(out var problem) is not { } authorization)
            return NoAnswer(new(FaultKind.Persistent, ProviderFault.Unauthorized, $"No request was made: {problem}"));
        using var permit = await limiter.AcquireAsync(cancellationToken);
        using var place = await _openRequests.AcquireAsync(cancellationToken);
        if (method != HttpMethod.Get && !leadership.IsLeader)
            return NoAnswer(NotLeader(method, address));

        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = authorization;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        var reply = await AnswerAsync(request, cancellationToken);
        metrics.ProviderRequest(method.Method, reply.Status is { } status ? (int)status : null);
        return reply;
    }

    private async Task<LiveDnsReply> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        var started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await http.SendAsync(request, linked.Token);
            var body = await response.Content.ReadAsByteArrayAsync(linked.Token);
            var wait = RetryAfterHeader.Parse(response, time.GetUtcNow());
            return new(response.StatusCode, body, wait, Next(response)) { Took = time.GetElapsedTime(started) };
        }
        // The connect timeout of the handler ended the request before anything was sent.
        catch (OperationCanceledException e)
            when (e.InnerException is TimeoutException && !linked.IsCancellationRequested)
        {
            var seconds = time.GetElapsedTime(started).TotalSeconds;
            return NoAnswer(
                new(
                    FaultKind.Transient,
                    "timeout",
                    $"{what}: no connection to {request.RequestUri.Authority} within {seconds:0} s"
                )
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NoAnswer(
                new(
                    FaultKind.Transient,
                    "timeout",
                    $"{what}: no answer within {options.Timeout.TotalSeconds:0} s",
                    Unconfirmed: true
                )
            );
        }
        catch (HttpRequestException e)
        {
            // The message may contain text from the server.
            var why = UntrustedText.Clean(e.InnerException?.Message ?? e.Message);
            var isSent = !IsBeforeSending(e.HttpRequestError);
            return NoAnswer(new(FaultKind.Transient, "network", $"{what}: {why}", Unconfirmed: isSent));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _openRequests.Dispose();

    private static bool IsBeforeSending(HttpRequestError error) =>
        error
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError;

    private static ProviderFault NotLeader(HttpMethod method, Uri address) =>
        new(
            FaultKind.Transient,
            "not_leader",
            $"{method} {address.AbsolutePath} was not sent: this process is no longer the leader"
        );

    private static ProviderFault Unencrypted(Uri address) =>
        new(
            FaultKind.Persistent,
            ProviderFault.Unauthorized,
            $"No request was made: http:// would send the token unencrypted to {address.Host}; "
                + "use https:// in Esddns:LiveDns:BaseUrl, or set Esddns:LiveDns:AllowHttp to true"
        );

    private static LiveDnsReply NoAnswer(ProviderFault fault) => new(null, default, NoAnswer: fault);

    /// <summary>The target of <c>link: &lt;https://…&gt;; rel="next"</c> (RFC 8288 section 3).</summary>
    private static string? Next(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links)
            ? links.SelectMany(l => NextLink().Matches(l)).FirstOrDefault()?.Groups["target"].Value
            : null;

    [GeneratedRegex(
        """<(?<target>[^<>]*)>[^<]*;\s*rel\s*=\s*(next\b|"([^"<]*\s)?next[\s"])""",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex NextLink();
}
