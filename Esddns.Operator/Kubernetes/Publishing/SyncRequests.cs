using System.Text.Json.Nodes;
using Esddns.Operator.Api;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// Handles <c>POST /sync</c> on any pod. An annotation of the ConfigMap brings the request to the leader. Another
/// annotation reports the end of a round that began later.
/// </summary>
internal sealed class SyncRequests(
    ApiClient api,
    StateAnnotations published,
    ClusterState clusterState,
    Func<LeaderElector> elector,
    KubernetesOptions options,
    ReconcileTrigger trigger,
    TimeProvider time,
    ILogger<SyncRequests> logger
) : ISyncRequests
{
    private const string Requested = "esddns.io/sync-requested";
    private const string Done = "esddns.io/sync-done";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private string? _answering;

    /// <inheritdoc/>
    public async Task<(Snapshot? Snapshot, string? Problem)> RequestAsync(CancellationToken cancellationToken)
    {
        if (elector().IsLeader)
            return (await trigger.RequestAsync(cancellationToken), null);
        using var limit = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var annotated = await AnnotateAsync(
                Requested,
                $"{time.GetUtcNow():O} {options.Identity} {Guid.NewGuid():N}",
                either.Token
            );
            while (true)
            {
                var change = published.NextChange();
                if (
                    published.Map is { } map
                    && ClusterState.VersionOf(map) >= ClusterState.VersionOf(annotated)
                    && map.GetAnnotation(Done) == map.GetAnnotation(Requested)
                )
                {
                    return ((await clusterState.ReadAsync(either.Token)).Snapshot, null);
                }

                await change.WaitAsync(either.Token);
            }
        }
        catch (Exception e) when (e is ApiException or HttpRequestException)
        {
            return (null, $"cannot forward the request to the leader: {e.Explain()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"the leader has not answered within {s_timeout.TotalSeconds:0} s");
        }
    }

    /// <summary>In the leader: runs a round for the newest request, unless one is running for it.</summary>
    public async Task AnswerAsync(ConfigMap? map, CancellationToken cancellationToken)
    {
        if (
            map?.GetAnnotation(Requested) is not { } request
            || request == map.GetAnnotation(Done)
            || request == _answering
        )
            return;
        _answering = request;
        try
        {
            await trigger.RequestAsync(cancellationToken);
            await AnnotateAsync(Done, request, cancellationToken);
        }
#pragma warning disable CA1031 // The time limit of the caller reports the failure.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            _answering = null;
            logger.SyncNotAnswered(e.Explain());
        }
        catch (OperationCanceledException)
        {
            _answering = null;
        }
    }

    private Task<ConfigMap> AnnotateAsync(string annotation, string value, CancellationToken cancellationToken)
    {
        var annotations = new JsonObject { [annotation] = value };
        var fields = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } };
        return api.PatchAsync(
            Resources.ConfigMapMetadata,
            options.Namespace,
            KubernetesOptions.StateName,
            Patch.Merge(fields),
            cancellationToken
        );
    }
}
