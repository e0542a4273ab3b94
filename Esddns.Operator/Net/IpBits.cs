using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Esddns.Operator.Net;

/// <summary>Bit operations on IP addresses.</summary>
internal static class IpBits
{
    /// <summary>
    /// Whether <paramref name="address"/> is in the network. Address families are never mixed, unlike in .NET, which
    /// counts <c>::ffff:10.1.2.3</c> as part of <c>10.0.0.0/8</c> and not of <c>::ffff:0:0/96</c>.
    /// </summary>
    public static bool Covers(this IPNetwork network, IPAddress address)
    {
        if (address.AddressFamily != network.BaseAddress.AddressFamily)
            return false;
        var unused = (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        return unused == 128 || Bits(address) >> unused == Bits(network.BaseAddress) >> unused;
    }

    /// <summary>
    /// Joins the first <paramref name="prefixLength"/> bits of one IPv6 address and the remaining bits of another.
    /// </summary>
    /// <param name="prefix">The address with the first bits.</param>
    /// <param name="suffix">The address with the remaining bits.</param>
    /// <param name="prefixLength">0 to 128.</param>
    public static IPAddress Join(IPAddress prefix, IPAddress suffix, int prefixLength)
    {
        // In .NET a shift by 128 bits does not change the value.
        var rest = prefixLength == 128 ? UInt128.Zero : UInt128.MaxValue >> prefixLength;
        return ToIPv6((Bits(prefix) & ~rest) | (Bits(suffix) & rest));
    }

    /// <summary>The IPv6 address with these bits.</summary>
    public static IPAddress ToIPv6(UInt128 bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new IPAddress(bytes);
    }

    private static UInt128 Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length) && length == 4
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
