using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>The addresses of the cluster's nodes.</summary>
internal static class NodeAddresses
{
    /// <summary>The type of addresses for access from outside of the cluster.</summary>
    public const string External = "ExternalIP";

    /// <summary>The type of addresses for access within the cluster's network.</summary>
    public const string Internal = "InternalIP";

    /// <summary>
    /// The addresses of Ready nodes. When no node is Ready, they are unknown, so that the last address is never
    /// removed.
    /// </summary>
    public static Evidence Of(IEnumerable<Node> nodes, NodesOrigin origin, RecordType type, AddressRules addressRules)
    {
        var kind = origin.AddressType ?? External;
        var selected = nodes.Where(n => LabelSelectorMatcher.Match(origin.Selector, n.Metadata.Labels)).ToArray();
        var ready = selected.Where(IsReady).ToArray();
        return addressRules.Of(
            ready.SelectMany(n => Addresses(n, kind)),
            type,
            $"{ready.Length} of {selected.Length} selected nodes are Ready, and none of these has an {kind} for {type}",
            isInternal: kind == Internal
        );
    }

    /// <summary>The names of the nodes that the selector matches.</summary>
    public static IReadOnlySet<string> Named(IEnumerable<Node> nodes, LabelSelector? selector) =>
        nodes
            .Where(n => LabelSelectorMatcher.Match(selector, n.Metadata.Labels))
            .Select(n => n.Metadata.Name)
            .ToHashSet();

    /// <summary>The part of a node that affects records; a heartbeat does not change it.</summary>
    public static string Fingerprint(Node? node) =>
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

    /// <summary>The addresses of the node with this address type.</summary>
    public static IEnumerable<IPAddress> Addresses(Node node, string kind) =>
        (node.Status?.Addresses ?? [])
            .Where(a => a?.Type == kind)
            .Select(a => AddressText.TryParse(a?.Address, out var address) ? address : null)
            .OfType<IPAddress>();

    private static bool IsReady(Node node) =>
        node.Metadata.DeletionTimestamp is null
        && node.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true;
}
