using System.Net;
using System.Net.Sockets;
using Esddns.Simulator.Control;
using Esddns.Simulator.Dns;
using Esddns.Simulator.DynDns;
using Esddns.Simulator.Echo;
using Esddns.Simulator.Faults;
using Esddns.Simulator.LiveDns;
using Esddns.Simulator.Net;
using Esddns.Simulator.Stun;
using Esddns.Simulator.Wan;

namespace Esddns.Simulator;

/// <summary>Runs the simulated internet: LiveDNS, echo services, DNS and STUN.</summary>
internal sealed class SimulatorHost : IAsyncDisposable
{
    private readonly List<DatagramService> _services = [];
    private readonly WebApplication _app;

    private SimulatorHost(WebApplication app) => _app = app;

    /// <summary>The base URL of the HTTP services.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>The URL of LiveDNS, for the operator's <c>BaseUrl</c>.</summary>
    public Uri LiveDnsUrl => new(Url, LiveDnsApi.Path);

    /// <summary>The URL of the first echo service.</summary>
    public Uri EchoA => new(Url, "/echo/a");

    /// <summary>The URL of the second echo service.</summary>
    public Uri EchoB => new(Url, "/echo/b");

    /// <summary>The IPv4 endpoint of the STUN server.</summary>
    public IPEndPoint Stun { get; private set; } = null!;

    /// <summary>The IPv4 endpoint of the name server.</summary>
    public IPEndPoint Dns { get; private set; } = null!;

    /// <summary>The simulated WAN addresses.</summary>
    public WanAddresses Wan => _app.Services.GetRequiredService<WanAddresses>();

    /// <summary>The active faults.</summary>
    public FaultBoard Faults => _app.Services.GetRequiredService<FaultBoard>();

    /// <summary>The requests that LiveDNS received.</summary>
    public RequestLog Requests => _app.Services.GetRequiredService<RequestLog>();

    /// <summary>The accounts, zones and records of LiveDNS.</summary>
    public LiveDnsWorld LiveDns => _app.Services.GetRequiredService<LiveDnsWorld>();

    /// <summary>Starts all services.</summary>
    /// <exception cref="SocketException">The DNS or STUN port is in use.</exception>
    /// <exception cref="IOException">The HTTP port is in use.</exception>
    public static async Task<SimulatorHost> StartAsync(
        SimulatorOptions options,
        TimeProvider? time = null,
        string[]? args = null,
        CancellationToken cancellationToken = default
    )
    {
        var host = new SimulatorHost(Build(options, time ?? TimeProvider.System, args ?? []));
        try
        {
            host.Dns = host.Serve(
                options.Address,
                options.DnsPort,
                new DnsResponder(host.LiveDns, host.Wan),
                time ?? TimeProvider.System
            );
            host.Stun = host.Serve(
                options.Address,
                options.StunPort,
                new StunResponder(host.Wan),
                time ?? TimeProvider.System
            );
            await host._app.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the process receives a stop signal.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(SimulatorOptions options, TimeProvider time, string[] args)
    {
        var builder = ServiceRun.CreateBuilder(args);
        builder.WebHost.UseUrls($"http://{options.Address}:{options.HttpPort}");
        builder.ListenFirst();
        builder.AddServiceDefaults();
        builder.Services.ConfigureHttpJsonOptions(o =>
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, SimulatorJson.Default)
        );
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(new WanAddresses(options.IPv4, options.IPv6));
        builder.Services.AddSingleton(new LiveDnsWorld(options.Token));
        builder.Services.AddSingleton(new RateLimit(options.RequestsPerMinute, time));
        builder.Services.AddSingleton<RequestLog>();
        builder.Services.AddSingleton<FaultBoard>();
        builder.Services.AddSingleton<HttpFaults>();
        builder.Services.AddSingleton<LiveDnsMiddleware>();

        var app = builder.Build();
        var faults = app.Services.GetRequiredService<HttpFaults>();
        var liveDns = app.Services.GetRequiredService<LiveDnsMiddleware>();
        app.Use(
            (context, next) =>
            {
                var path = context.Request.Path;
                if (path.StartsWithSegments(LiveDnsApi.Path))
                    return liveDns.HandleAsync(context, c => faults.HandleAsync(c, "livedns", next));
                return path.StartsWithSegments("/echo", out var rest)
                    ? faults.HandleAsync(context, $"echo-{rest.Value?.TrimStart('/')}", next)
                    : next(context);
            }
        );
        app.MapDefaultEndpoints();
        app.MapLiveDns();
        app.MapDynDns();
        app.MapEcho();
        app.MapControl();
        return app;
    }

    /// <summary>
    /// Serves on the address. On loopback, it also serves on the same port of ::1, if the machine has IPv6.
    /// </summary>
    private IPEndPoint Serve(IPAddress address, int port, IResponder responder, TimeProvider time)
    {
        var v4 = Add(PortPair.Open(address, port), responder, time);
        try
        {
            if (Socket.OSSupportsIPv6 && IPAddress.IsLoopback(address))
                Add(PortPair.Open(IPAddress.IPv6Loopback, v4.Port), responder, time);
        }
        catch (SocketException e) when (port == 0 || e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // The machine has no ::1, or the port is in use there. The simulator then serves IPv4 only.
        }

        return v4;
    }

    private IPEndPoint Add(PortPair ports, IResponder responder, TimeProvider time)
    {
        var service = new DatagramService(ports, responder, Faults, time);
        service.Start();
        _services.Add(service);
        return service.EndPoint;
    }
}
