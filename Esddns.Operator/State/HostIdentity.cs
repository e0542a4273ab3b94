namespace Esddns.Operator.State;

/// <summary>The identity of this process: the host name; in a cluster, the names of pod and node.</summary>
internal sealed record HostIdentity(string Name);
