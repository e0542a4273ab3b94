using System.Globalization;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Informers;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// The annotations of the ConfigMap <c>esddns-wan-ip</c>, for every pod. Only the annotations are watched: sending the
/// whole state to thousands of nodes at each write would overload the API server.
/// </summary>
internal sealed class StateAnnotations(Informer<ConfigMap> maps, KubernetesOptions options)
{
    /// <summary>The annotation with the last writer of the state; empty after it has released the Lease.</summary>
    public const string LeaderAnnotation = "esddns.io/leader";

    /// <summary>The annotation with the number of nodes that run a pod, counted by the leader.</summary>
    public const string NodesAnnotation = "esddns.io/nodes";

    /// <summary>The ConfigMap without its data; null when there is none.</summary>
    public ConfigMap? Map => maps.Find(KubernetesOptions.StateName, options.Namespace);

    /// <summary>The leader; null when there is none, or when it has not written yet.</summary>
    public string? Leader => Map?.GetAnnotation(LeaderAnnotation) is { Length: > 0 } leader ? leader : null;

    /// <summary>When and why the API server became unreachable; null while it is reachable.</summary>
    public State.Staleness? Staleness =>
        maps.UnreachableSince is { } since ? new State.Staleness(since, maps.Problem ?? "") : null;

    /// <summary>Whether the watch of the published state is lost.</summary>
    public bool IsLost => maps.IsLost;

    /// <summary>The number of nodes that share the API server; 1 while unknown.</summary>
    private int Nodes =>
        int.TryParse(
            Map?.GetAnnotation(NodesAnnotation),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var nodes
        )
            ? Math.Max(nodes, 1)
            : 1;

    /// <summary>Completes at the next change after this call.</summary>
    public Task NextChange() => maps.NextChange();

    /// <summary>
    /// The interval between two requests of this pod. All pods together then make at most one request in
    /// <paramref name="perNode"/>.
    /// </summary>
    public TimeSpan Share(TimeSpan perNode, TimeSpan least, TimeSpan most)
    {
        var share = perNode * Nodes;
        if (share < least)
            return least;
        return share > most ? most : share;
    }
}
