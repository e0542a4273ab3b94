using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>The addresses of a Service's load balancer.</summary>
internal static class ServiceAddresses
{
    /// <summary>Its ingress addresses; names among them, as some clouds give, are looked up.</summary>
    public static async Task<Evidence> OfAsync(V1Service? service, string name, RecordType type, CancellationToken cancellationToken)
    {
        if (service is null) return new Evidence.Unknown($"there is no Service {name}");
        var addresses = new List<IPAddress>();
        foreach (var ingress in service.Status?.LoadBalancer?.Ingress ?? [])
        {
            if (IPAddress.TryParse(ingress.Ip, out var address)) addresses.Add(address);
            else if (!string.IsNullOrEmpty(ingress.Hostname))
            {
                // One name of several that cannot be looked up makes the whole set unknown, not smaller.
                if (await LookUpAsync(ingress.Hostname, cancellationToken) is not { } found) return new Evidence.Unknown($"{ingress.Hostname}, where Service {name} can be reached, cannot be looked up");
                addresses.AddRange(found);
            }
        }

        return AddressSources.OfType(addresses, type) is { Count: > 0 } usable
            ? new Evidence.Agreed(usable)
            : new Evidence.Unknown($"the load balancer of Service {name} has no address for {type} yet");
    }

    /// <summary>What of a Service concerns records.</summary>
    public static string Essence(V1Service? service) => service is null ? "" : string.Join('|',
        string.Join(',', (service.Status?.LoadBalancer?.Ingress ?? []).Select(i => $"{i.Ip}{i.Hostname}")),
        service.GetAnnotation(ServiceRecords.HostnameAnnotation),
        service.GetAnnotation(ServiceRecords.TtlAnnotation),
        service.Metadata.DeletionTimestamp);

    private static async Task<IPAddress[]?> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
