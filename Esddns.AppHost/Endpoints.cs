using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Esddns.AppHost;

/// <summary>Endpoints at fixed ports. <c>Ports:&lt;resource&gt;:&lt;endpoint&gt;</c> chooses other ones.</summary>
internal static class Endpoints
{
    /// <summary>Adds the HTTP endpoint.</summary>
    public static IResourceBuilder<ProjectResource> WithFixedHttpEndpoint(
        this IResourceBuilder<ProjectResource> project,
        int port
    )
    {
        port = project.PortOf("http", port);
        return project.WithHttpEndpoint(port, port, isProxied: false);
    }

    /// <summary>Adds a UDP endpoint. It is no link: a browser cannot open it.</summary>
    public static IResourceBuilder<ProjectResource> WithFixedUdpEndpoint(
        this IResourceBuilder<ProjectResource> project,
        string name,
        int port
    ) =>
        project
            .WithEndpoint(port, port, "udp", name, isProxied: false, protocol: ProtocolType.Udp)
            .WithUrlForEndpoint(name, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);

    /// <summary>
    /// Names the ports of a local run that other processes use, in one line. Without it, the orchestrator waits for
    /// them in silence.
    /// </summary>
    public static string TakenPorts(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode
            ? ""
            : string.Join(
                "; ",
                builder
                    .Resources.SelectMany(
                        r => r.Annotations.OfType<EndpointAnnotation>(),
                        (r, e) => (r.Name, e.Port, e.Protocol)
                    )
                    .Concat(Dashboard.Select(variable => ("dashboard", Port(variable), ProtocolType.Tcp)))
                    .Where(e => e.Item2 is { } port && IsTaken(port, e.Item3))
                    .Select(e => $"Port {e.Item2} ({e.Item1}) is taken")
            );

    private static string[] Dashboard =>
        ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    private static int? Port(string variable) =>
        Uri.TryCreate(Environment.GetEnvironmentVariable(variable), UriKind.Absolute, out var url) ? url.Port : null;

    private static bool IsTaken(int port, ProtocolType protocol)
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork,
            protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream,
            protocol
        );
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>The port of an endpoint.</summary>
    public static int PortOf(this IResourceBuilder<ProjectResource> project, string endpoint, int port) =>
        project.ApplicationBuilder.Configuration.GetValue($"Ports:{project.Resource.Name}:{endpoint}", port);
}
