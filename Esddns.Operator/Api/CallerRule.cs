using System.Net;
using Microsoft.AspNetCore.Connections.Features;

namespace Esddns.Operator.Api;

/// <summary>
/// Who may ask for a round: programs of this machine, and who has the token. Never a web page of somebody else.
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

    /// <summary>Why the caller may not, in one line for people; null when it may.</summary>
    public static string? Refusal(HttpContext context, ApiToken? token)
    {
        if (!IsSameOrigin(context.Request))
            return "A web page from elsewhere may not ask for a round.";
        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } presented)
        {
            return
                presented.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                && token?.Matches(presented[Bearer.Length..].Trim()) == true
                ? null
                : "The token is not that of Esddns:Api:Token or Esddns:Api:TokenFile.";
        }

        return IsFromThisMachine(context)
            ? null
            : "Ask from the machine itself (127.0.0.1, or kubectl port-forward), or set Esddns:Api:TokenFile "
                + "and send its token as 'Authorization: Bearer …'.";
    }

    /// <summary>
    /// Browsers say where a request comes from (Fetch, section 3.2; Fetch Metadata); programs send neither header.
    /// </summary>
    private static bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        var own = $"{request.Scheme}://{request.Host}";
        return (origin.Count == 0 || string.Equals(origin, own, StringComparison.OrdinalIgnoreCase))
            && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }

    /// <summary>
    /// By the connection: <c>Connection.RemoteIpAddress</c> can come from a header. What a proxy on this machine passes
    /// on came from elsewhere.
    /// </summary>
    private static bool IsFromThisMachine(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.RemoteEndPoint is IPEndPoint { Address: var address }
        && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        && !s_forwarded.Any(context.Request.Headers.ContainsKey);
}
