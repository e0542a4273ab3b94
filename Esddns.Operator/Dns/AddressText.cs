using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Esddns.Operator.Dns;

/// <summary>
/// Parses addresses only in the forms that a zone contains. <see cref="IPAddress.TryParse(string, out IPAddress)"/>
/// accepts more: <c>1</c> as 0.0.0.1, <c>010.1.1.1</c> as 8.1.1.1, and <c>[::1]:80</c>.
/// </summary>
internal static class AddressText
{
    private static readonly SearchValues<char> s_ipv6 = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>
    /// Parses four decimal numbers without leading zeros, or an IPv6 address (RFC 4291 section 2.2) without zone,
    /// prefix or port. Rejects an IPv4-mapped address (section 2.5.5.2), because it has IPv6 form and IPv4 meaning.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && (
            address.AddressFamily == AddressFamily.InterNetwork
                ? address.ToString() == text
                : !address.IsIPv4MappedToIPv6 && !text.AsSpan().ContainsAnyExcept(s_ipv6)
        );
}
