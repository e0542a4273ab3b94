using Esddns.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// The ports are fixed because the README names them. A proxy would need a second port for each program.
var @operator = builder
    .AddProject<Projects.Esddns_Operator>("operator", launchProfileName: null)
    .WithFixedHttpEndpoint(8080)
    .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/status", "Status"))
    .WithUrlForEndpoint("http", _ => new() { Url = "/metrics", DisplayText = "Metrics" })
    .WithHttpHealthCheck("/health")
    .WithIconName("ArrowSyncCircle")
    .WithSyncCommand();

// The web service gets only the variables of service discovery: it uses no others, and the manifests would list them.
var web = builder
    .AddProject<Projects.Esddns_Web>("web", launchProfileName: null)
    .WithFixedHttpEndpoint(51339)
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "Page")
    .WithUrlForEndpoint("http", _ => new() { Url = "/raw", DisplayText = "Raw" })
    .WithHttpHealthCheck("/health")
    .WithIconName("Globe")
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

// A local run uses the simulator instead of the internet. The dashboard lists the parameters with their descriptions.
if (builder.ExecutionContext.IsRunMode)
{
    InheritedSettings.Remove();
    var token = builder
        .AddParameter("token", secret: true)
        .WithDescription("The token of LiveDNS; the simulator accepts this one.");
    var zone = builder.AddParameter("zone").WithDescription("The DNS zone: `example.com` or `example.dev`.");
    var owner = builder
        .AddParameter("owner-name")
        .WithDescription("The name of the record in the zone; `@` for the zone.");
    var ttl = builder.AddParameter("ttl").WithDescription("The TTL of the record, in seconds: 300 to 2592000.");
    var internet = builder.AddSimulatedInternet(token);
    @operator
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
        .WithEnvironment("API_KEY", token)
        .WithEnvironment("TARGET_DOMAIN_FQDN", zone)
        .WithEnvironment("RECORD_NAME_ROOT", owner)
        .WithEnvironment("RECORD_TTL", ttl)
        .WithEnvironment("Esddns__State__File", "none")
        .WithSimulatedInternet(internet);
    web.WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development");
}

builder.PublishAsChart(@operator, web);
builder.ReportFailures();
if (builder.PortProblems() is { Length: > 0 } problems)
{
    Console.Error.WriteLine(problems);
    return 2;
}

builder.Build().Run();
return 0;
