using System.Net;
using System.Net.Sockets;

namespace Esddns.Simulator.Wan;

/// <summary>
/// The addresses under which the simulated provider makes us visible: what STUN and the echo services see.
/// </summary>
internal sealed class WanAddresses(IPAddress? ipv4, IPAddress? ipv6)
{
    private volatile IPAddress? _ipv4 = ipv4;
    private volatile IPAddress? _ipv6 = ipv6;

    /// <summary>Null while the family does not work.</summary>
    public IPAddress? IPv4
    {
        get => _ipv4;
        set => _ipv4 = value;
    }

    /// <inheritdoc cref="IPv4"/>
    public IPAddress? IPv6
    {
        get => _ipv6;
        set => _ipv6 = value;
    }

    /// <summary>The address of a family.</summary>
    public IPAddress? Of(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? IPv6 : IPv4;

    /// <summary>Reads an address of the family.</summary>
    public static bool TryRead(string text, bool v6, out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && address.AddressFamily == (v6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
}
