using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>
/// What a record that follows something in the cluster should hold. Nothing to be found is unknown, never empty.
/// </summary>
internal sealed class AddressSources(
    LeaderInformers watches,
    NodeReports reports,
    ServiceAddresses services,
    Publishable publishable
)
{
    /// <summary>The record with its addresses.</summary>
    public async Task<DesiredRecord> ApplyAsync(
        DesiredRecord record,
        AddressOrigin origin,
        string @namespace,
        CancellationToken cancellationToken
    )
    {
        if (origin.Nodes is { } nodes)
            return record with { Addresses = NodeAddresses.Of(watches.Nodes.Objects, nodes, record.Type, publishable) };
        if (origin.Wan?.NodeSelector is { } selector)
            return record with { Addresses = SeenBy(NodeAddresses.Named(watches.Nodes.Objects, selector), record) };
        if (origin.Wan?.Policy == "All")
            return WithAll(record, OfType(reports.Addresses(null), record.Type));
        if (origin.Service is not { } named)
            return record;
        var service = watches.Services.Find(named.Name!, @namespace);
        var name = $"{@namespace}/{named.Name}";
        return record with { Addresses = await services.OfAsync(service, name, record.Type, cancellationToken) };
    }

    /// <summary>The addresses of the type among others.</summary>
    public static AddressSet OfType(IEnumerable<IPAddress> addresses, RecordType type) =>
        new(addresses.Where(a => a.AddressFamily == type.Family().ToAddressFamily()));

    /// <summary>
    /// What other nodes see is added to what this one sees; too many of them are no reason to publish fewer.
    /// </summary>
    private DesiredRecord WithAll(DesiredRecord record, AddressSet seen) =>
        publishable.Of(seen, record.Type, "") switch
        {
            Evidence.Agreed(var also) => record with { Also = also },
            var unknown when seen.Count > Publishable.MaxAddresses => record with { Addresses = unknown },
            _ => record,
        };

    private Evidence SeenBy(IReadOnlySet<string> nodes, DesiredRecord record) =>
        publishable.Of(
            reports.Addresses(nodes),
            record.Type,
            $"none of the {nodes.Count} nodes that the selector chooses has reported an {record.Family} address"
        );
}
