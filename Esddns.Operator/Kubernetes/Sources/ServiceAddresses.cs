using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>The addresses of a Service's load balancer.</summary>
internal sealed class ServiceAddresses(AddressRules addressRules, TimeProvider time)
{
    /// <summary>The time limit for one name; a name server that does not answer must not delay the round.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    /// <summary>The ingress addresses of the load balancer. Names, which some clouds report, are looked up.</summary>
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
        foreach (var ingress in (service.Status?.LoadBalancer?.Ingress ?? []).Take(AddressRules.MaxAddresses + 1))
        {
            if (AddressText.TryParse(ingress?.Ip, out var address))
                addresses.Add(address);
            else if (!string.IsNullOrEmpty(ingress?.Hostname))
            {
                // One failed lookup makes the whole set unknown, not smaller.
                if (await LookUpAsync(ingress.Hostname, cancellationToken) is not { } found)
                    return new Evidence.Unknown(
                        $"cannot look up {UntrustedText.Clean(ingress.Hostname)}, the load balancer of Service {name}"
                    );
                addresses.AddRange(found);
            }
        }

        return addressRules.Of(addresses, type, $"the load balancer of Service {name} has no address for {type} yet");
    }

    /// <summary>The part of a Service that affects records.</summary>
    public static string Fingerprint(Service? service) =>
        service is null
            ? ""
            : string.Join(
                '|',
                string.Join(',', (service.Status?.LoadBalancer?.Ingress ?? []).Select(i => $"{i?.Ip}{i?.Hostname}")),
                service.GetAnnotation(ServiceRecords.HostnameAnnotation),
                service.GetAnnotation(ServiceRecords.TtlAnnotation),
                Cleanup.Fingerprint(service),
                service.Metadata.DeletionTimestamp
            );

    private async Task<IPAddress[]?> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await System
                .Net.Dns.GetHostAddressesAsync(host, cancellationToken)
                .WaitAsync(s_timeout, time, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or TimeoutException)
        {
            return null;
        }
    }
}
