namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>A machine of the cluster.</summary>
internal sealed class Node : KubernetesObject
{
    /// <summary>The state that the kubelet and the cloud provider report.</summary>
    public NodeStatus? Status { get; set; }
}

/// <summary>The state of a node.</summary>
internal sealed class NodeStatus
{
    /// <summary>The addresses.</summary>
    public List<NodeAddress?>? Addresses { get; set; }

    /// <summary><c>Ready</c> and others.</summary>
    public List<NodeCondition?>? Conditions { get; set; }
}

/// <summary>One address of a node.</summary>
internal sealed class NodeAddress
{
    /// <summary><c>ExternalIP</c>, <c>InternalIP</c> or a kind of name.</summary>
    public string? Type { get; set; }

    /// <summary>The address.</summary>
    public string? Address { get; set; }
}

/// <summary>One condition of a node, without its heartbeat and its texts.</summary>
internal sealed class NodeCondition
{
    /// <summary>The type.</summary>
    public string? Type { get; set; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string? Status { get; set; }
}
