using System.Net;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// Limits the time of every request except watches. Repeats a request after 429 and the wait in <c>Retry-After</c>, as
/// API priority and fairness requires. Each page of a list has its own limit.
/// </summary>
internal sealed class RequestLimitHandler(TimeProvider time) : DelegatingHandler
{
    private const int Attempts = 4;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (request.RequestUri!.Query.Contains("watch=true", StringComparison.OrdinalIgnoreCase))
            return await base.SendAsync(request, cancellationToken);

        using var limit = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var response = await base.SendAsync(request, either.Token);
                if (response.StatusCode != HttpStatusCode.TooManyRequests || attempt == Attempts || !MayRepeat(request))
                {
                    // Reads the body here, because its deserialization has no time limit.
                    await response.Content.LoadIntoBufferAsync(either.Token);
                    return response;
                }

                var wait = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
                response.Dispose();
                await Task.Delay(wait < s_longestWait ? wait : s_longestWait, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                $"The API server did not answer {request.Method} {request.RequestUri.AbsolutePath} within "
                    + $"{s_timeout.TotalSeconds:0} s"
            );
        }
    }

    /// <summary>Whether the request can be sent again. The API server has not executed a throttled request.</summary>
    private static bool MayRepeat(HttpRequestMessage request) => request.Content is null or ReadOnlyMemoryContent;
}
