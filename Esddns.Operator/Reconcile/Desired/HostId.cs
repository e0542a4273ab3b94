using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Net;

namespace Esddns.Operator.Reconcile.Desired;

/// <summary>
/// The part of an IPv6 address that stays when the internet provider changes the prefix. With it, one host can publish
/// addresses of other hosts on its network.
/// </summary>
/// <param name="Suffix">The bits after the prefix.</param>
/// <param name="PrefixLength">The length of the prefix in bits; 1 to 127, usually 64.</param>
internal sealed record HostId(IPAddress Suffix, int PrefixLength)
{
    /// <summary>The prefix length of a subnet (RFC 4291 section 2.5.4).</summary>
    public const int DefaultPrefixLength = 64;

    /// <summary>Parses a suffix such as <c>::10</c>.</summary>
    public static bool TryParse(string text, int prefixLength, out HostId? hostId)
    {
        hostId =
            IPAddress.TryParse(text, out var suffix)
            && suffix.AddressFamily == AddressFamily.InterNetworkV6
            && !text.Contains('%', StringComparison.Ordinal)
                ? new HostId(suffix, prefixLength)
                : null;
        return hostId?.IsSuffix == true;
    }

    /// <summary>
    /// Parses a MAC address such as <c>02:00:5e:10:00:01</c> and computes its interface identifier (modified EUI-64,
    /// RFC 4291 appendix A).
    /// </summary>
    public static bool TryParseMac(string text, int prefixLength, out HostId? hostId)
    {
        hostId = null;
        var parts = text.Split(':', '-');
        if (parts.Length != 6)
            return false;
        var mac = new byte[6];
        for (var i = 0; i < 6; i++)
            if (
                parts[i].Length != 2
                || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out mac[i])
            )
                return false;
        byte[] suffix =
        [
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            (byte)(mac[0] ^ 2),
            mac[1],
            mac[2],
            0xFF,
            0xFE,
            mac[3],
            mac[4],
            mac[5],
        ];
        hostId = new HostId(new IPAddress(suffix), prefixLength);
        var isOfOneHost = (mac[0] & 1) == 0;
        return isOfOneHost && hostId.IsSuffix;
    }

    /// <summary>
    /// Whether it has no bits in the prefix, which would be lost, and is not the subnet's own address (RFC 4291 section
    /// 2.6.1).
    /// </summary>
    private bool IsSuffix =>
        !Suffix.Equals(IPAddress.IPv6Any) && IpBits.Join(IPAddress.IPv6Any, Suffix, PrefixLength).Equals(Suffix);

    /// <summary>The address with the prefix of <paramref name="address"/> and this suffix.</summary>
    public IPAddress Behind(IPAddress address) => IpBits.Join(address, Suffix, PrefixLength);
}
