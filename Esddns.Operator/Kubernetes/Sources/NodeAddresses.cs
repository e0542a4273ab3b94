using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>The addresses of the cluster's nodes.</summary>
internal static class NodeAddresses
{
    /// <summary>The addresses that are reached from outside.</summary>
    public const string External = "ExternalIP";

    /// <summary>The addresses that are reached within the cluster's network.</summary>
    public const string Internal = "InternalIP";

    /// <summary>
    /// Those of Ready nodes; when none is Ready, nothing is known, so that the last address is never removed.
    /// </summary>
    public static Evidence Of(IEnumerable<Node> nodes, NodesOrigin origin, RecordType type, Publishable publishable)
    {
        var kind = origin.AddressType ?? External;
        var chosen = nodes.Where(n => Labels.Match(origin.Selector, n.Metadata.Labels)).ToArray();
        var ready = chosen.Where(IsReady).ToArray();
        return publishable.Of(
            ready.SelectMany(n => Addresses(n, kind)),
            type,
            $"of the {chosen.Length} nodes that it chooses, {ready.Length} are Ready, "
                + $"and none of these has an {kind} for {type}",
            isInternal: kind == Internal
        );
    }

    /// <summary>The names of those that a selector chooses.</summary>
    public static IReadOnlySet<string> Named(IEnumerable<Node> nodes, LabelSelector? selector) =>
        nodes.Where(n => Labels.Match(selector, n.Metadata.Labels)).Select(n => n.Metadata.Name).ToHashSet();

    /// <summary>The part of a node that affects records; a heartbeat does not.</summary>
    public static string Essence(Node? node) =>
        node is null
            ? ""
            : string.Join(
                '|',
                IsReady(node),
                string.Join(',', (node.Status?.Addresses ?? []).Select(a => $"{a?.Type}={a?.Address}")),
                string.Join(
                    ',',
                    (node.Metadata.Labels ?? new Dictionary<string, string>())
                        .OrderBy(l => l.Key, StringComparer.Ordinal)
                        .Select(l => $"{l.Key}={l.Value}")
                )
            );

    /// <summary>The addresses of a type that a node has.</summary>
    public static IEnumerable<IPAddress> Addresses(Node node, string kind) =>
        (node.Status?.Addresses ?? [])
            .Where(a => a?.Type == kind)
            .Select(a => AddressText.TryParse(a?.Address, out var address) ? address : null)
            .OfType<IPAddress>();

    private static bool IsReady(Node node) =>
        node.Metadata.DeletionTimestamp is null
        && node.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true;
}
