using System.Net;

namespace Esddns.Operator.Discovery.Interfaces;

/// <summary>An IPv6 address of the host.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">The length of the subnet prefix in bits.</param>
/// <param name="IsStable">Whether the address is permanent: not temporary (RFC 8981), deprecated, tentative or
/// duplicate.</param>
internal sealed record HostAddress(IPAddress Address, int PrefixLength, bool IsStable);
