using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// Prepares a new leader for writes: takes over the state of the previous leader, and lists the objects of the cluster.
/// </summary>
internal sealed class LeaderHandover(
    ClusterState clusterState,
    StateStore state,
    LeaderInformers informers,
    SecretTokens tokens,
    KubernetesOptions options,
    ReconcileTrigger trigger,
    TimeProvider time
)
{
    /// <summary>Prepares the leader of this term.</summary>
    public async Task RunAsync(LeadershipTerm term)
    {
        var snapshot = await clusterState.TakeOverAsync(term);
        var now = time.GetUtcNow();
        var records = RecordStates.Of(snapshot.Records.Select(r => r.TakenOver(now)));
        state.Update(_ => snapshot with { Records = records, Leader = options.Identity, Stale = null });
        term.Ended.Register(informers.Stop);
        await informers.StartAsync(term);
        await tokens.StartAsync(term.Ended);
        term.IsReady = true;
        trigger.Request(ReconcileReason.Elected);
    }
}
