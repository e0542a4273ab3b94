using System.Net;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// A time limit for every request that is no watch, so for each part of a list by itself, and obedience to 429 with
/// <c>Retry-After</c>: the API server's priority and fairness asks for that.
/// </summary>
internal sealed class RequestLimitHandler(TimeProvider time) : DelegatingHandler
{
    private const int Attempts = 4;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (request.RequestUri!.Query.Contains("watch=true", StringComparison.OrdinalIgnoreCase))
            return await base.SendAsync(request, cancellationToken);

        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var response = await base.SendAsync(request, either.Token);
                if (response.StatusCode != HttpStatusCode.TooManyRequests || attempt == Attempts || !MayRepeat(request))
                {
                    // Read within the limit: who deserializes the answer has none.
                    await response.Content.LoadIntoBufferAsync(either.Token);
                    return response;
                }

                var wait = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
                response.Dispose();
                await Task.Delay(wait < s_longest ? wait : s_longest, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                $"The API server did not answer {request.Method} {request.RequestUri.AbsolutePath} within "
                    + $"{s_limit.TotalSeconds:0} s"
            );
        }
    }

    /// <summary>
    /// A throttled request was not executed; one whose body cannot be sent again is left to the caller.
    /// </summary>
    private static bool MayRepeat(HttpRequestMessage request) => request.Content is null or ReadOnlyMemoryContent;
}
