using System.Globalization;

namespace Esddns.AppHost;

/// <summary>The simulator, in place of the internet and of the DNS provider.</summary>
internal static class SimulatedInternet
{
    private const int Dns = 5300,
        Stun = 3478;

    /// <summary>Adds the simulator. It is not part of the manifest.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="token">The token that its DNS provider accepts.</param>
    public static IResourceBuilder<ProjectResource> AddSimulatedInternet(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ParameterResource> token
    )
    {
        var simulator = builder.AddProject<Projects.Esddns_Simulator>("simulator", launchProfileName: null);
        return simulator
            .WithFixedHttpEndpoint(5380)
            .WithFixedUdpEndpoint("dns", simulator.PortOf("dns", Dns))
            .WithFixedUdpEndpoint("stun", simulator.PortOf("stun", Stun))
            .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/control/requests", "Requests"))
            .WithUrlForEndpoint("http", _ => new() { Url = "/control/faults", DisplayText = "Faults" })
            .WithHttpHealthCheck("/health")
            .WithIconName("CloudCube")
            .WithFaultCommands()
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithEnvironment("Simulator__Token", token)
            .WithEnvironment(
                "Simulator__HttpPort",
                simulator.PortOf("http", 5380).ToString(CultureInfo.InvariantCulture)
            )
            .WithEnvironment("Simulator__DnsPort", simulator.PortOf("dns", Dns).ToString(CultureInfo.InvariantCulture))
            .WithEnvironment(
                "Simulator__StunPort",
                simulator.PortOf("stun", Stun).ToString(CultureInfo.InvariantCulture)
            )
            .ExcludeFromManifest();
    }

    /// <summary>Makes the operator ask the simulator instead of the internet.</summary>
    public static IResourceBuilder<ProjectResource> WithSimulatedInternet(
        this IResourceBuilder<ProjectResource> project,
        IResourceBuilder<ProjectResource> simulator
    )
    {
        var http = simulator.GetEndpoint("http");
        var dns = $"dns://127.0.0.1:{simulator.PortOf("dns", Dns)}";
        var stun = $"127.0.0.1:{simulator.PortOf("stun", Stun)}";
        return project
            .WithEnvironment("Esddns__LiveDns__BaseUrl", ReferenceExpression.Create($"{http}/v5/livedns"))
            .WithEnvironment("Esddns__Discovery__Stun", $"stun://{stun}#stun,stun+tcp://{stun}#stun")
            .WithEnvironment(
                "Esddns__Discovery__Echo",
                ReferenceExpression.Create($"{http}/echo/a#echo,{http}/echo/b#echo")
            )
            .WithEnvironment("Esddns__Discovery__Dns", $"{dns}/myip.opendns.com?type=A#dns")
            .WithEnvironment("Esddns__Discovery__Interfaces", "false")
            .WithEnvironment("Esddns__Propagation__NameServers", dns)
            .WithEnvironment("Esddns__Agreement__AllowedRanges", "documentation")
            .WaitFor(simulator);
    }
}
