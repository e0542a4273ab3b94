using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Esddns.Access;

/// <summary>Who sends a request: a page of another origin, a program of this machine, or another machine.</summary>
public static class Caller
{
    /// <summary>Why a request of such a page is refused.</summary>
    public const string OtherOrigin = "A web page of another origin may not request a round.";

    private static readonly string[] s_forwarded =
    [
        "Forwarded",
        "X-Original-For",
        "X-Real-IP",
        "X-Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "Via",
    ];

    /// <summary>
    /// Whether a web page of another origin sends the request. Browsers tell it in <c>Sec-Fetch-Site</c> (Fetch
    /// Metadata), at secure addresses only; and the origin in <c>Origin</c> (Fetch, section 3.2). Programs send
    /// neither.
    /// </summary>
    public static bool IsPageOfAnotherOrigin(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            // A proxy may have changed scheme and host, and "Referrer-Policy: no-referrer" makes the origin of a form
            // "null". The browser knows better.
            "same-origin" => false,
            "" or "none" => request.Headers.Origin.Count > 0
                && !string.Equals(
                    request.Headers.Origin,
                    $"{request.Scheme}://{request.Host}",
                    StringComparison.OrdinalIgnoreCase
                ),
            _ => true,
        };

    /// <summary>
    /// Whether the request comes from this machine. A request that a proxy on this machine forwards does not.
    /// </summary>
    public static bool IsOnThisMachine(HttpContext context) =>
        AddressOf(context) is { } address
        && IPAddress.IsLoopback(address)
        && !context.Request.Headers.Keys.Any(IsOfForwarding);

    /// <summary>Whether proxies add this header to requests that they forward.</summary>
    public static bool IsOfForwarding(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || Array.Exists(s_forwarded, name => name.Equals(header, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The address of the connection, IPv4 in its own form; null for a connection without. It never comes from a
    /// header, as <c>Connection.RemoteIpAddress</c> can.
    /// </summary>
    public static IPAddress? AddressOf(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.RemoteEndPoint is IPEndPoint { Address: var address }
            ? Plain(address)
            : null;

    /// <summary>The address, as IPv4 when it is an IPv4 address within IPv6.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
