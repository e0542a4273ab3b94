using System.Runtime.CompilerServices;
using System.Text.Json;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>What the operator tells, and the one thing it can be asked to do.</summary>
internal static class StatusApi
{
    /// <summary>Maps <c>GET /status</c>, <c>GET /status/stream</c> and <c>POST /sync</c>.</summary>
    public static void MapStatusApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/status", (StateStore state) => Results.Json(state.Current, SnapshotJson.Default.Snapshot));
        app.MapGet("/status/stream", (StateStore state, IHostApplicationLifetime lifetime, CancellationToken gone) =>
            TypedResults.ServerSentEvents(StreamAsync(state, lifetime.ApplicationStopping, gone), "status"));
        app.MapPost("/sync", async (ISyncRequests requests, CancellationToken gone) => await requests.RequestAsync(gone) switch
        {
            ({ } snapshot, _) => Results.Json(snapshot, SnapshotJson.Default.Snapshot),
            (_, var problem) => Results.Problem(problem, statusCode: StatusCodes.Status503ServiceUnavailable),
        });
    }

    /// <summary>Each snapshot as one event, until the caller leaves or the host stops.</summary>
    private static async IAsyncEnumerable<string> StreamAsync(StateStore state, CancellationToken stopping, [EnumeratorCancellation] CancellationToken gone)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        await using var snapshots = state.FollowAsync(end.Token).GetAsyncEnumerator(end.Token);
        while (await NextAsync(snapshots)) yield return JsonSerializer.Serialize(snapshots.Current, SnapshotJson.OneLine.Snapshot);
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<Snapshot> snapshots)
    {
        try
        {
            return await snapshots.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
