using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile;

/// <summary>A zone, and the name of its credentials.</summary>
internal sealed record HostedZone(DomainName Zone, string? Credentials);
