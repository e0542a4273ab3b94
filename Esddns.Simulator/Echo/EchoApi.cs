using System.Net.Sockets;
using Esddns.Simulator.Faults;
using Esddns.Simulator.Wan;

namespace Esddns.Simulator.Echo;

/// <summary>
/// Two echo services. The second sends no line end. The address family is that of the connection, or that of
/// <c>?family=6</c>.
/// </summary>
internal static class EchoApi
{
    /// <summary>Maps <c>/echo/a</c> and <c>/echo/b</c>.</summary>
    public static void MapEcho(this IEndpointRouteBuilder app)
    {
        app.MapGet("/echo/a", (HttpContext context, WanAddresses wan) => Answer(context, wan, "\n"));
        app.MapGet("/echo/b", (HttpContext context, WanAddresses wan) => Answer(context, wan, ""));
    }

    private static IResult Answer(HttpContext context, WanAddresses wan, string end)
    {
        var local = context.Connection.LocalIpAddress;
        var v6 =
            context.Request.Query["family"] == "6"
            || local is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false };
        var address = (context.Items[HttpFaults.Item] as Fault)?.Address ?? (v6 ? wan.IPv6 : wan.IPv4);
        return address is null ? Results.StatusCode(503) : Results.Text(address + end);
    }
}
