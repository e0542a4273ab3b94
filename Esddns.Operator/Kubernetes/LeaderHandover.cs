using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Credentials;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
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
        var found = await clusterState.TakeOverAsync(term);
        state.Update(_ => TakenOver(found ?? Snapshot.Empty) with { Leader = options.Identity, Stale = null });
        term.Ended.Register(informers.Stop);
        await informers.StartAsync(term);
        // Without the ConfigMap, writes may be missing that the status of the objects was to contain a moment later.
        var ofObjects = informers.Records.Objects.SelectMany(r => OwnedRecord.StatesOf(r, isOutdated: found is null));
        state.Update(s => TakenOver(s with { Records = s.Records.WithMissing(ofObjects) }));
        await tokens.StartAsync(term.Ended);
        term.IsReady = true;
        trigger.Request(ReconcileReason.Elected);
    }

    private Snapshot TakenOver(Snapshot snapshot)
    {
        var now = time.GetUtcNow();
        return snapshot with { Records = RecordStates.Of(snapshot.Records.Select(r => r.TakenOver(now))) };
    }
}
