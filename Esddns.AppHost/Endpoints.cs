using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Esddns.AppHost;

/// <summary>Endpoints at fixed ports. <c>Ports:&lt;resource&gt;:&lt;endpoint&gt;</c> chooses other ones.</summary>
internal static class Endpoints
{
    private static readonly string[] s_dashboard =
    [
        "ASPNETCORE_URLS",
        "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL",
        "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL",
    ];

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
    /// Names the wrong ports of a local run, or those that other processes use, in one line. Without it, the
    /// orchestrator waits for them in silence.
    /// </summary>
    public static string PortProblems(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
            return "";
        UsedPort[] ports =
        [
            .. builder.Resources.SelectMany(
                r => r.Annotations.OfType<EndpointAnnotation>().Where(e => e.Port is not null),
                (r, e) => new UsedPort(r.Name, e.Port!.Value, e.Protocol == ProtocolType.Udp)
            ),
            .. s_dashboard.Select(Port).OfType<int>().Select(p => new UsedPort("dashboard", p, false)),
        ];
        string[] wrong =
        [
            .. builder
                .Configuration.GetSection("Ports")
                .AsEnumerable()
                .Where(p => p.Value is { } text && !IsPort(text, out _))
                .Select(p => $"{p.Key}: '{p.Value}' is not a port from 1 to 65535"),
            .. ports
                .GroupBy(p => p.Port, p => p.Owner)
                .Where(p => p.Count() > 1)
                .Select(p => $"Port {p.Key} is used twice ({string.Join(", ", p)})"),
        ];
        var taken = ports.Where(IsTaken).Select(p => $"Port {p.Port} ({p.Owner}) is taken").ToArray();
        return (wrong, taken) switch
        {
            ([], []) => "",
            ([], _) => $"{string.Join("; ", taken)}: stop the process that uses it and try again.",
            _ => $"{string.Join("; ", wrong)}: choose another one.",
        };
    }

    private static int? Port(string variable) =>
        Uri.TryCreate(Environment.GetEnvironmentVariable(variable), UriKind.Absolute, out var url) ? url.Port : null;

    /// <summary>Whether another process uses the port. DNS and STUN also use TCP.</summary>
    private static bool IsTaken(UsedPort port) =>
        new[] { IPAddress.Loopback, IPAddress.IPv6Loopback }
            .Select(address => new IPEndPoint(address, port.Port))
            .Any(e => IsTaken(e, ProtocolType.Tcp) || (port.IsUdp && IsTaken(e, ProtocolType.Udp)));

    private static bool IsTaken(IPEndPoint endpoint, ProtocolType protocol)
    {
        var type = protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream;
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, type, protocol);
            socket.Bind(endpoint);
            return false;
        }
        catch (SocketException e)
        {
            // A machine without IPv6 has another error.
            return e.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }

    /// <summary>The port of an endpoint; a wrong one is reported before the start.</summary>
    public static int PortOf(this IResourceBuilder<ProjectResource> project, string endpoint, int port) =>
        IsPort(project.ApplicationBuilder.Configuration[$"Ports:{project.Resource.Name}:{endpoint}"], out var chosen)
            ? chosen
            : port;

    private static bool IsPort(string? text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;

    private sealed record UsedPort(string Owner, int Port, bool IsUdp);
}
