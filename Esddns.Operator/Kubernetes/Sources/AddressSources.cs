using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>
/// Finds the addresses of records that follow an object of the cluster. No address means unknown, never empty.
/// </summary>
internal sealed class AddressSources(
    LeaderInformers informers,
    NodeReportReader reports,
    ServiceAddresses services,
    AddressRules addressRules
)
{
    /// <summary>Returns the record with its addresses.</summary>
    public async Task<DesiredRecord> ApplyAsync(
        DesiredRecord record,
        AddressOrigin origin,
        string @namespace,
        CancellationToken cancellationToken
    )
    {
        if (origin.Nodes is { } nodes)
            return record with
            {
                Addresses = NodeAddresses.Of(informers.Nodes.Objects, nodes, record.Type, addressRules),
            };
        if (origin.Wan?.NodeSelector is { } selector)
            return record with { Addresses = SeenBy(NodeAddresses.Named(informers.Nodes.Objects, selector), record) };
        if (origin.Wan?.Policy == "All")
            return WithAll(record, OfType(reports.Addresses(null), record.Type));
        if (origin.Service is not { } named)
            return record;
        var service = informers.Services.Find(named.Name!, @namespace);
        var name = $"{@namespace}/{named.Name}";
        return record with { Addresses = await services.OfAsync(service, name, record.Type, cancellationToken) };
    }

    /// <summary>The addresses of the family of a record type.</summary>
    public static AddressSet OfType(IEnumerable<IPAddress> addresses, RecordType type) =>
        new(addresses.Where(a => a.AddressFamily == type.Family().ToAddressFamily()));

    /// <summary>
    /// Adds the addresses that other nodes see. When they are more than a record can hold, the result is unknown.
    /// </summary>
    private DesiredRecord WithAll(DesiredRecord record, AddressSet seen) =>
        addressRules.Of(seen, record.Type, "") switch
        {
            Evidence.Agreed(var also) => record with { Also = also },
            var unknown when seen.Count > AddressRules.MaxAddresses => record with { Addresses = unknown },
            _ => record,
        };

    private Evidence SeenBy(IReadOnlySet<string> nodes, DesiredRecord record) =>
        addressRules.Of(
            reports.Addresses(nodes),
            record.Type,
            $"none of the {nodes.Count} selected nodes has reported an {record.Family} address"
        );
}
