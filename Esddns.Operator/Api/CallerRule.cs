using System.Net;
using Microsoft.AspNetCore.Connections.Features;

namespace Esddns.Operator.Api;

/// <summary>
/// Decides who may request a round: programs on this machine, and callers with the token. Web pages of other origins
/// may not.
/// </summary>
internal static class CallerRule
{
    private const string Bearer = "Bearer ";
    private static readonly string[] s_forwarded =
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Original-For",
        "X-Real-IP",
        "Via",
    ];

    /// <summary>The reason why the request is rejected, in one line for people; null when it is allowed.</summary>
    public static string? Refusal(HttpContext context, ApiToken? token)
    {
        if (!IsSameOrigin(context.Request))
            return "A web page of another origin may not request a round.";
        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } presented)
        {
            return
                presented.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                && token?.Matches(presented[Bearer.Length..].Trim()) == true
                ? null
                : "The token does not match Esddns:Api:Token or Esddns:Api:TokenFile.";
        }

        return IsFromThisMachine(context)
            ? null
            : "Send the request from the same machine (127.0.0.1, or kubectl port-forward), or set "
                + "Esddns:Api:TokenFile and send that token as 'Authorization: Bearer …'.";
    }

    /// <summary>
    /// Browsers send the origin of a request (Fetch, section 3.2; Fetch Metadata); programs send neither header.
    /// </summary>
    private static bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        var own = $"{request.Scheme}://{request.Host}";
        return (origin.Count == 0 || string.Equals(origin, own, StringComparison.OrdinalIgnoreCase))
            && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }

    /// <summary>
    /// Checks the address of the connection, because <c>Connection.RemoteIpAddress</c> can come from a header. A
    /// request that a proxy on this machine forwards came from another machine.
    /// </summary>
    private static bool IsFromThisMachine(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.RemoteEndPoint is IPEndPoint { Address: var address }
        && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        && !s_forwarded.Any(context.Request.Headers.ContainsKey);
}
