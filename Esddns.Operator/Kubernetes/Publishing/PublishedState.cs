using System.Globalization;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Informers;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// What the annotations of the ConfigMap <c>esddns-wan-ip</c> tell every pod. Only they are watched: with thousands of
/// nodes it is too much for the API server to send all of them the whole state at each write.
/// </summary>
internal sealed class PublishedState(Informer<ConfigMap> maps, KubernetesOptions options)
{
    /// <summary>Who wrote the state last; empty when that one has left.</summary>
    public const string LeaderAnnotation = "esddns.io/leader";

    /// <summary>The number of nodes with a pod, as the leader counts it.</summary>
    public const string NodesAnnotation = "esddns.io/nodes";

    /// <summary>The ConfigMap without its data; null when there is none.</summary>
    public ConfigMap? Map => maps.Find(KubernetesOptions.StateName, options.Namespace);

    /// <summary>The leader; null when there is none, or none has written yet.</summary>
    public string? Leader => Map?.GetAnnotation(LeaderAnnotation) is { Length: > 0 } leader ? leader : null;

    /// <summary>Since when the API server cannot be reached, and why; null while it can.</summary>
    public State.Staleness? Lost => maps.LostSince is { } since ? new State.Staleness(since, maps.Problem ?? "") : null;

    /// <summary>How many nodes share the API server; 1 as long as that is not known.</summary>
    private int Nodes =>
        int.TryParse(
            Map?.GetAnnotation(NodesAnnotation),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var nodes
        )
            ? Math.Max(nodes, 1)
            : 1;

    /// <summary>Done when anything has changed since this call.</summary>
    public Task NextChange() => maps.NextChange();

    /// <summary>
    /// Between two requests that every pod makes, so that all pods together make no more than one within
    /// <paramref name="perNode"/>.
    /// </summary>
    public TimeSpan Share(TimeSpan perNode, TimeSpan least, TimeSpan most)
    {
        var share = perNode * Nodes;
        return share < least ? least
            : share > most ? most
            : share;
    }
}
