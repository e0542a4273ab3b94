using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>The addresses of a Service's load balancer.</summary>
internal sealed class ServiceAddresses(Publishable publishable, TimeProvider time)
{
    /// <summary>For one name; a name server that is silent must not hold up the round.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>Its ingress addresses; names among them, as some clouds give, are looked up.</summary>
    public async Task<Evidence> OfAsync(
        Service? service,
        string name,
        RecordType type,
        CancellationToken cancellationToken
    )
    {
        if (service is null)
            return new Evidence.Unknown($"there is no Service {name}");
        var addresses = new List<IPAddress>();
        foreach (var ingress in (service.Status?.LoadBalancer?.Ingress ?? []).Take(Publishable.MaxAddresses + 1))
        {
            if (AddressText.TryParse(ingress?.Ip, out var address))
                addresses.Add(address);
            else if (!string.IsNullOrEmpty(ingress?.Hostname))
            {
                // One name of several that cannot be looked up makes the whole set unknown, not smaller.
                if (await LookUpAsync(ingress.Hostname, cancellationToken) is not { } found)
                    return new Evidence.Unknown(
                        $"{ForeignText.Clean(ingress.Hostname)}, where Service {name} can be reached, "
                            + "cannot be looked up"
                    );
                addresses.AddRange(found);
            }
        }

        return publishable.Of(addresses, type, $"the load balancer of Service {name} has no address for {type} yet");
    }

    /// <summary>What of a Service concerns records.</summary>
    public static string Essence(Service? service) =>
        service is null
            ? ""
            : string.Join(
                '|',
                string.Join(',', (service.Status?.LoadBalancer?.Ingress ?? []).Select(i => $"{i?.Ip}{i?.Hostname}")),
                service.GetAnnotation(ServiceRecords.HostnameAnnotation),
                service.GetAnnotation(ServiceRecords.TtlAnnotation),
                Cleanup.IsWanted(service),
                service.Metadata.DeletionTimestamp
            );

    private async Task<IPAddress[]?> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await System
                .Net.Dns.GetHostAddressesAsync(host, cancellationToken)
                .WaitAsync(s_limit, time, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or TimeoutException)
        {
            return null;
        }
    }
}
