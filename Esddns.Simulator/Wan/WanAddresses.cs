using System.Net;
using System.Net.Sockets;

namespace Esddns.Simulator.Wan;

/// <summary>The public addresses that the simulated ISP assigns. STUN and the echo services report them.</summary>
internal sealed class WanAddresses(IPAddress? ipv4, IPAddress? ipv6)
{
    private volatile IPAddress? _ipv4 = ipv4;
    private volatile IPAddress? _ipv6 = ipv6;

    /// <summary>The public address; null if the family has no connectivity.</summary>
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

    /// <summary>The address of a family; null if the family has no connectivity.</summary>
    public IPAddress? Of(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? IPv6 : IPv4;

    /// <summary>Reads an address of one family.</summary>
    public static bool TryRead(string text, bool v6, out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        // TryParse also accepts "1" and "010.0.0.1" as IPv4 addresses.
        && (v6 || address.ToString() == text)
        && address.AddressFamily == (v6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
}
