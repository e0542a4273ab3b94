using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// What a new leader does before it may write: it learns what the one before it knew, and what the cluster wants.
/// </summary>
internal sealed class LeaderHandover(
    ClusterState kept,
    StateStore state,
    LeaderInformers watches,
    SecretTokens tokens,
    KubernetesOptions options,
    ReconcileTrigger trigger,
    TimeProvider time
)
{
    /// <summary>Does it, for this term.</summary>
    public async Task RunAsync(LeadershipTerm term)
    {
        var snapshot = await kept.TakeOverAsync(term);
        var now = time.GetUtcNow();
        var records = RecordStates.Of(snapshot.Records.Select(r => r.TakenOver(now)));
        state.Update(_ => snapshot with { Records = records, Leader = options.Identity, Stale = null });
        term.Ended.Register(watches.Stop);
        await watches.StartAsync(term);
        await tokens.StartAsync(term.Ended);
        term.IsReady = true;
        trigger.Request(ReconcileReason.Elected);
    }
}
