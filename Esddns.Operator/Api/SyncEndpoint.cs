using Esddns.Http;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary><c>POST /sync</c>: runs a round now, and returns the state at its end.</summary>
internal sealed class SyncEndpoint(
    ISyncRequests requests,
    ApiOptions options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<SyncEndpoint> logger
)
{
    /// <summary>
    /// The maximum time that a caller waits. A round of many records takes minutes at the DNS provider's rate limit.
    /// </summary>
    private static readonly TimeSpan s_maxWait = TimeSpan.FromMinutes(5);

    /// <summary>Requests the round, if the caller may, and waits for its end.</summary>
    /// <returns>200 with the state; 403 with the reason; 500 when the round failed; 503 when it did not end in
    /// time.</returns>
    public async Task<IResult> RunAsync(HttpContext context)
    {
        if (CallerRule.Refusal(context, options.Token) is { } refusal)
            return new ProblemResult(StatusCodes.Status403Forbidden, refusal);
        using var timeout = new CancellationTokenSource(s_maxWait, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            lifetime.ApplicationStopping,
            timeout.Token
        );
        try
        {
            return await requests.RequestAsync(linked.Token) switch
            {
                ({ } snapshot, _) => new StatusResult(snapshot.ToStatus()),
                (_, var problem) => NoRound(problem),
            };
        }
        catch (OperationCanceledException)
        {
            return NoRound(
                timeout.IsCancellationRequested
                    ? $"The round did not end within {s_maxWait.TotalSeconds:0} s. It continues; see /status."
                    : "The operator is stopping. Retry after its restart."
            );
        }
#pragma warning disable CA1031 // A round can fail with any exception; the caller must not wait for the next one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.SyncFailed(e.GetType().Name);
            return new ProblemResult(
                StatusCodes.Status500InternalServerError,
                "The round failed; see the log of the operator for the reason. The control loop retries it."
            );
        }
    }

    private static ProblemResult NoRound(string? problem) => new(StatusCodes.Status503ServiceUnavailable, problem);
}
