using System.Buffers;
using System.Net;
using System.Text;
using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery.Echo;

/// <summary>Parses the body of an echo service: one address, with optional white space around it.</summary>
internal static class EchoBody
{
    /// <summary>The maximum length in bytes: the longest address and white space around it.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<byte> s_characters = SearchValues.Create("0123456789abcdefABCDEF.:"u8);

    /// <summary>
    /// Reads the address. It is strict, because a captive portal may return any text, and
    /// <see cref="IPAddress.TryParse(string, out IPAddress)"/> accepts <c>1</c> and <c>010.1.1.1</c>.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> body, IpFamily family, out IPAddress? address)
    {
        address = null;
        if (body.Length > MaxLength)
            return false;
        body = body.Trim(" \t\r\n"u8);
        if (body.ContainsAnyExcept(s_characters))
            return false;
        var text = Encoding.ASCII.GetString(body);
        if (!IPAddress.TryParse(text, out var parsed) || !family.Includes(parsed))
            return false;
        if (family == IpFamily.IPv4 ? parsed.ToString() != text : parsed.IsIPv4MappedToIPv6)
            return false;
        address = parsed;
        return true;
    }
}
