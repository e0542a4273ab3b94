using System.Text.Json.Nodes;
using Esddns.Operator.Api;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// <c>POST /sync</c> on any pod: an annotation on the ConfigMap carries it to the leader, another one back that a round
/// has ended which began later.
/// </summary>
internal sealed class SyncRequests(
    ApiClient api,
    PublishedState published,
    ClusterState kept,
    Func<LeaderElector> elector,
    KubernetesOptions options,
    ReconcileTrigger trigger,
    TimeProvider time,
    ILogger<SyncRequests> logger
) : ISyncRequests
{
    private const string Requested = "esddns.io/sync-requested";
    private const string Done = "esddns.io/sync-done";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private string? _answering;

    /// <inheritdoc/>
    public async Task<(Snapshot? Snapshot, string? Problem)> RequestAsync(CancellationToken cancellationToken)
    {
        if (elector().IsLeader)
            return (await trigger.RequestAsync(cancellationToken), null);
        using var limit = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var asked = await AnnotateAsync(
                Requested,
                $"{time.GetUtcNow():O} {options.Identity} {Guid.NewGuid():N}",
                either.Token
            );
            while (true)
            {
                var change = published.NextChange();
                if (
                    published.Map is { } map
                    && ClusterState.VersionOf(map) >= ClusterState.VersionOf(asked)
                    && map.GetAnnotation(Done) == map.GetAnnotation(Requested)
                )
                {
                    return ((await kept.ReadAsync(either.Token)).Snapshot, null);
                }

                await change.WaitAsync(either.Token);
            }
        }
        catch (Exception e) when (e is ApiException or HttpRequestException)
        {
            return (null, $"the leader cannot be asked: {e.Explain()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"the leader has not answered within {s_patience.TotalSeconds:0} s");
        }
    }

    /// <summary>For the leader: a round for the newest request, unless it is on its way.</summary>
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
