using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>What a record that follows something in the cluster should hold. Nothing to be found is unknown, never empty.</summary>
internal sealed class AddressSources(LeaderWatches watches, NodeReports reports)
{
    /// <summary>The record with its addresses.</summary>
    public async Task<DesiredRecord> ApplyAsync(DesiredRecord record, AddressOrigin origin, string @namespace, CancellationToken cancellationToken) => origin switch
    {
        { Nodes: { } nodes } => record with { Addresses = NodeAddresses.Of(watches.Nodes.Objects, nodes, record.Type) },
        { Service: { } service } => record with { Addresses = await ServiceAddresses.OfAsync(watches.Services.Find(service.Name!, @namespace), $"{@namespace}/{service.Name}", record.Type, cancellationToken) },
        { Wan.NodeSelector: { } selector } => record with { Addresses = SeenBy(NodeAddresses.Named(watches.Nodes.Objects, selector), record) },
        { Wan.Policy: "All" } => record with { Also = OfType(reports.Addresses(null), record.Type) },
        _ => record,
    };

    /// <summary>The addresses of the type among others.</summary>
    public static AddressSet OfType(IEnumerable<IPAddress> addresses, RecordType type) =>
        new(addresses.Where(a => a.AddressFamily == (type == RecordType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6)));

    private Evidence SeenBy(IReadOnlySet<string> nodes, DesiredRecord record) =>
        OfType(reports.Addresses(nodes), record.Type) is { Count: > 0 } seen
            ? new Evidence.Agreed(seen)
            : new Evidence.Unknown($"none of the {nodes.Count} nodes that the selector chooses has reported an {record.Family} address");
}
