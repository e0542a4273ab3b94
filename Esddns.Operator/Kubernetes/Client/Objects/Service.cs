namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>A Service, with its load balancer only.</summary>
internal sealed class Service : KubernetesObject
{
    /// <summary>The state that the cloud provider reports.</summary>
    public ServiceStatus? Status { get; set; }
}

/// <summary>The state of a Service.</summary>
internal sealed class ServiceStatus
{
    /// <summary>The load balancer, if it has one.</summary>
    public LoadBalancerStatus? LoadBalancer { get; set; }
}

/// <summary>The state of a load balancer.</summary>
internal sealed class LoadBalancerStatus
{
    /// <summary>The entry points.</summary>
    public List<LoadBalancerIngress?>? Ingress { get; set; }
}

/// <summary>One entry point of a load balancer: an address or a name.</summary>
internal sealed class LoadBalancerIngress
{
    /// <summary>The address.</summary>
    public string? Ip { get; set; }

    /// <summary>The name.</summary>
    public string? Hostname { get; set; }
}
