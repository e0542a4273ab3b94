using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Esddns.Operator.Dns;

/// <summary>
/// Reads addresses in the forms that a zone has them, and in no other. <see cref="IPAddress.TryParse(string, out
/// IPAddress)"/> takes much more: <c>1</c> is 0.0.0.1 to it, <c>010.1.1.1</c> is 8.1.1.1, and <c>[::1]:80</c> is an
/// address.
/// </summary>
internal static class AddressText
{
    private static readonly SearchValues<char> s_ipv6 = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>
    /// Reads four decimal numbers without leading zeros, or an IPv6 address (RFC 4291 section 2.2) without zone, prefix
    /// or port. An IPv4-mapped address (section 2.5.5.2) is none: it is of one family in form and of the other in
    /// meaning.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && (
            address.AddressFamily == AddressFamily.InterNetwork
                ? address.ToString() == text
                : !address.IsIPv4MappedToIPv6 && !text.AsSpan().ContainsAnyExcept(s_ipv6)
        );
}
