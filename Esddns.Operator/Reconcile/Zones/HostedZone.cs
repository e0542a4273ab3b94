using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>A zone, and the name of its credentials.</summary>
internal sealed record HostedZone(DomainName Zone, string? Credentials);
