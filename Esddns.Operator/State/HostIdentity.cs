namespace Esddns.Operator.State;

/// <summary>Who this process is: the host's name, or in a cluster the pod's and its node's.</summary>
internal sealed record HostIdentity(string Name);
