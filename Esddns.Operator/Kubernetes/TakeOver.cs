using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes;

/// <summary>What a new leader does before it may write: it learns what the one before it knew, and what the cluster wants.</summary>
internal sealed class TakeOver(ClusterState kept, StateStore state, LeaderWatches watches, SecretTokens tokens, KubernetesOptions options, Wakeups wakeups)
{
    /// <summary>Does it, for this term.</summary>
    public async Task RunAsync(Term term)
    {
        var snapshot = await kept.TakeOverAsync(term.Number, term.Ended);
        state.Update(_ => snapshot with { Leader = options.Identity, Stale = null });
        term.Ended.Register(watches.Stop);
        await watches.StartAsync(term);
        await tokens.StartAsync(term.Ended);
        term.IsReady = true;
        wakeups.Wake(RoundReason.Elected);
    }
}
