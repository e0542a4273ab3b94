using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary><c>POST /sync</c>: a round now, answered with the state at its end.</summary>
internal sealed class SyncEndpoint(
    ISyncRequests requests,
    ApiOptions options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<SyncEndpoint> logger
)
{
    /// <summary>
    /// The longest that a caller waits. A round of many records takes minutes at the provider's rate limit.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>Asks for the round, if the caller may, and waits for its end.</summary>
    /// <returns>200 with the state, 403 with the reason, 500 when the round failed, 503 without one in time.</returns>
    public async Task<IResult> RunAsync(HttpContext context)
    {
        if (CallerRule.Refusal(context, options.Token) is { } refusal)
            return Results.Problem(refusal, statusCode: StatusCodes.Status403Forbidden);
        using var limit = new CancellationTokenSource(s_patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            lifetime.ApplicationStopping,
            limit.Token
        );
        try
        {
            return await requests.RequestAsync(end.Token) switch
            {
                ({ } snapshot, _) => Results.Json(snapshot, SnapshotJson.Default.Snapshot),
                (_, var problem) => NoRound(problem),
            };
        }
        catch (OperationCanceledException)
        {
            return NoRound(
                limit.IsCancellationRequested
                    ? $"The round has not ended within {s_patience.TotalSeconds:0} s. It goes on: look at /status."
                    : "The operator stops. Ask again when it has started."
            );
        }
#pragma warning disable CA1031 // A round can fail in any way; the caller must not wait for another one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.SyncFailed(e.GetType().Name);
            return Results.Problem("The round failed; the operator's log has the reason. It is repeated by itself.");
        }
    }

    private static IResult NoRound(string? problem) =>
        Results.Problem(problem, statusCode: StatusCodes.Status503ServiceUnavailable);
}
