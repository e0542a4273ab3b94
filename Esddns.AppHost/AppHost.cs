using System.Net.Http.Json;
using System.Net.Sockets;

var builder = DistributedApplication.CreateBuilder(args);

// The ports are fixed because the README names them. A proxy would need a second port for each program.
var @operator = builder
    .AddProject<Projects.Esddns_Operator>("operator", launchProfileName: null)
    .WithHttpEndpoint(port: 8080, targetPort: 8080, isProxied: false)
    .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/status", "Status"))
    .WithUrlForEndpoint("http", _ => new() { Url = "/metrics", DisplayText = "Metrics" })
    .WithHttpHealthCheck("/health");

// The web service gets only the variables of service discovery: it uses no others, and the manifests would list them.
var web = builder
    .AddProject<Projects.Esddns_Web>("web", launchProfileName: null)
    .WithHttpEndpoint(port: 51339, targetPort: 51339, isProxied: false)
    .WithUrlForEndpoint("http", url => url.DisplayText = "Page")
    .WithUrlForEndpoint("http", _ => new() { Url = "/raw", DisplayText = "Raw" })
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(@operator)
    .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ServiceDiscovery)
    .WaitFor(@operator);

// In a cluster the operator runs on every node, behind one Service. It reads the token from a Secret and the records
// from the API, so the manifest contains neither.
if (builder.ExecutionContext.IsPublishMode)
{
    @operator.WithEnvironment("Esddns__Kubernetes__Enabled", "true");
    web.WithEnvironment("services__operator__http__0", "http://esddns-operator:8080");
}

// A local run uses the simulator instead of the internet.
if (builder.ExecutionContext.IsRunMode)
{
    var token = builder.AddParameter("token", secret: true);
    var zone = builder.AddParameter("zone");
    var ownerName = builder.AddParameter("owner-name");
    var ttl = builder.AddParameter("ttl");

    var simulator = builder
        .AddProject<Projects.Esddns_Simulator>("simulator", launchProfileName: null)
        .WithHttpEndpoint(port: 5380, targetPort: 5380, isProxied: false)
        .WithEndpoint(
            port: 5300,
            targetPort: 5300,
            scheme: "udp",
            name: "dns",
            isProxied: false,
            protocol: ProtocolType.Udp
        )
        .WithEndpoint(
            port: 3478,
            targetPort: 3478,
            scheme: "udp",
            name: "stun",
            isProxied: false,
            protocol: ProtocolType.Udp
        )
        .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/control/requests", "Requests"))
        .WithUrlForEndpoint("dns", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        .WithUrlForEndpoint("stun", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        .WithHttpHealthCheck("/health")
        .WithHttpCommand(
            "/control/wan",
            "Change WAN address",
            commandOptions: new HttpCommandOptions
            {
                Method = HttpMethod.Put,
                Description = "Simulates your ISP assigning a new address.",
                IconName = "ArrowSwap",
                IsHighlighted = true,
                Arguments =
                [
                    new InteractionInput
                    {
                        Name = "ipv4",
                        Label = "IPv4 address",
                        InputType = InputType.Text,
                        Required = true,
                        Placeholder = "203.0.113.7",
                    },
                ],
                PrepareRequest = context =>
                {
                    context.Request.Content = JsonContent.Create(new { ipv4 = context.Arguments.GetString("ipv4") });
                    return Task.CompletedTask;
                },
            }
        )
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
        .WithEnvironment("Simulator__Token", token)
        .ExcludeFromManifest();

    var http = simulator.GetEndpoint("http");
    @operator
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
        .WithEnvironment("API_KEY", token)
        .WithEnvironment("TARGET_DOMAIN_FQDN", zone)
        .WithEnvironment("RECORD_NAME_ROOT", ownerName)
        .WithEnvironment("RECORD_TTL", ttl)
        .WithEnvironment("Esddns__LiveDns__BaseUrl", ReferenceExpression.Create($"{http}/v5/livedns"))
        .WithEnvironment("Esddns__Discovery__Stun", "stun://127.0.0.1:3478#stun,stun+tcp://127.0.0.1:3478#stun")
        .WithEnvironment(
            "Esddns__Discovery__Echo",
            ReferenceExpression.Create($"{http}/echo/a#echo,{http}/echo/b#echo")
        )
        .WithEnvironment("Esddns__Discovery__Dns", "dns://127.0.0.1:5300/myip.opendns.com?type=A#dns")
        .WithEnvironment("Esddns__Discovery__Interfaces", "false")
        .WithEnvironment("Esddns__Propagation__NameServers", "dns://127.0.0.1:5300")
        .WithEnvironment("Esddns__Agreement__AllowedRanges", "documentation")
        .WithEnvironment("Esddns__State__File", "none")
        .WaitFor(simulator);
    web.WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development");
}

builder.Build().Run();
