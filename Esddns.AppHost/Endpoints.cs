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

    /// <summary>The port of an endpoint.</summary>
    public static int PortOf(this IResourceBuilder<ProjectResource> project, string endpoint, int port) =>
        project.ApplicationBuilder.Configuration.GetValue($"Ports:{project.Resource.Name}:{endpoint}", port);
}
