using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Dns.Gandi;

/// <summary>Sends single requests to LiveDNS: credentials, pace, time limit and bounded answers. It never repeats one.</summary>
internal sealed class LiveDnsClient(
    HttpClient http, LiveDnsOptions options, LiveDnsTokens tokens, RequestBudget budget, IWritePermit permit, OperatorMetrics metrics, TimeProvider time)
{
    /// <summary>More than a page of a zone's records ever takes.</summary>
    public const int MaxBody = 8 * 1024 * 1024;

    /// <summary>Asks for what is at <paramref name="path"/>, below the base address.</summary>
    public Task<LiveDnsReply> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, At(path), null, cancellationToken);

    /// <summary>Asks for a page that an earlier answer named; only on the same server, because the token goes along.</summary>
    public Task<LiveDnsReply> GetAsync(Uri page, CancellationToken cancellationToken) =>
        Uri.Compare(page, options.BaseUrl, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
            ? SendAsync(HttpMethod.Get, page, null, cancellationToken)
            : Task.FromResult(NoAnswer(new(FaultKind.Transient, "unreadable", $"The next page is said to be on another server, {page.Host}")));

    /// <summary>Replaces one RRset.</summary>
    public Task<LiveDnsReply> PutAsync(string path, LiveDnsUpdate update, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, At(path), JsonSerializer.SerializeToUtf8Bytes(update, LiveDnsJson.Default.LiveDnsUpdate), cancellationToken);

    /// <summary>Removes one RRset.</summary>
    public Task<LiveDnsReply> DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, At(path), null, cancellationToken);

    /// <summary>The whole address of <paramref name="path"/>.</summary>
    public string Href(string path) => At(path).AbsoluteUri;

    private Uri At(string path) => new($"{options.BaseUrl.ToString().TrimEnd('/')}/{path}");

    private async Task<LiveDnsReply> SendAsync(HttpMethod method, Uri address, byte[]? body, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(method, address, body, tokens.Preferred, cancellationToken);
        if (reply.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) || tokens.Other is not { } other) return reply;
        var second = await SendAsync(method, address, body, other, cancellationToken);
        if (second.Status is null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) return reply;
        tokens.Prefer(other);
        return second;
    }

    private async Task<LiveDnsReply> SendAsync(HttpMethod method, Uri address, byte[]? body, LiveDnsToken token, CancellationToken cancellationToken)
    {
        if (token.Header(out var problem) is not { } authorization)
            return NoAnswer(new(FaultKind.Persistent, "unauthorized", $"No request was made: {problem}"));
        using var place = await budget.TakeAsync(cancellationToken);
        if (method != HttpMethod.Get && !permit.IsHeld) return NoAnswer(NotPermitted(method, address));

        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = authorization;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        var reply = await AnswerAsync(request, cancellationToken);
        metrics.ProviderRequest(method.Method, reply.Status is { } status ? (int)status : null);
        return reply;
    }

    private async Task<LiveDnsReply> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return new LiveDnsReply(response.StatusCode, body, RetryAfter(response), Next(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NoAnswer(new(FaultKind.Transient, "timeout", $"{what}: no answer within {options.Timeout.TotalSeconds:0} s", Unconfirmed: true));
        }
        catch (HttpRequestException e)
        {
            return NoAnswer(new(FaultKind.Transient, "network", $"{what}: {e.InnerException?.Message ?? e.Message}", Unconfirmed: true));
        }
    }

    private static ProviderFault NotPermitted(HttpMethod method, Uri address) =>
        new(FaultKind.Transient, "not_leader", $"{method} {address.AbsolutePath} was not sent: another process may be the leader by now");

    private static LiveDnsReply NoAnswer(ProviderFault fault) => new(null, default, NoAnswer: fault);

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date - time.GetUtcNow() is var wait && wait > TimeSpan.Zero => wait,
        _ => null,
    };

    /// <summary>The target of <c>link: &lt;https://…&gt;; rel="next"</c> (RFC 8288).</summary>
    private static Uri? Next(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links)) return null;
        foreach (var link in links.SelectMany(l => l.Split(',')))
        {
            var (start, end) = (link.IndexOf('<', StringComparison.Ordinal), link.IndexOf('>', StringComparison.Ordinal));
            if (start >= 0 && end > start && link[end..].Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase))
                return Uri.TryCreate(response.RequestMessage!.RequestUri, link[(start + 1)..end], out var next) ? next : null;
        }

        return null;
    }
}
