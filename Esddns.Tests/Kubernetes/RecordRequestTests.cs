using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>Conflicts between objects that declare the same name.</summary>
public sealed class RecordRequestTests(KubeApi api) : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _namespace = await api.NamespaceAsync();
    }

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task OlderService_KeepsItsName_UntilItIsDeleted()
    {
        await using var run = await StartAsync();
        await ServiceAsync("shop", "shop.example.com");
        await _namespace.IngressAsync("shop", "198.51.100.20");
        await HasValuesAsync("shop", "198.51.100.20");
        await NextSecondAsync();
        await _namespace.RecordAsync("shop", "{zone: example.com, name: shop, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("shop", "Accepted") == "False Conflict"
        );
        Assert.Equal("False Conflict", await _namespace.ConditionAsync("shop", "Ready"));
        Assert.Equal(["198.51.100.20"], _simulator.LiveDns.Values("example.com", "shop", "A")!);

        var (exitCode, output) = await api.KubectlAsync(
            null,
            "delete",
            "--namespace",
            _namespace.Name,
            "service",
            "shop"
        );
        Assert.True(exitCode == 0, output);
        await HasValuesAsync("shop", "203.0.113.10");
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("shop", "Ready") == "True InSync");
    }

    /// <summary>A round without the Secret of the older object must not give the name back to it.</summary>
    [Fact]
    public async Task OlderRequestWithoutCredentials_DoesNotBlockTheName()
    {
        await using var run = await StartAsync();
        await _namespace.RecordAsync(
            "a-blocker",
            "{zone: example.com, name: portal, credentialsSecretRef: {name: missing}, addressFrom: {wan: {}}}"
        );
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("a-blocker", "Ready") == "False Unauthorized"
        );
        await NextSecondAsync();
        await _namespace.RecordAsync("portal", "{zone: example.com, name: portal, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("portal", "Ready") == "True InSync");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("a-blocker", "Accepted") == "False Conflict"
        );
        for (var i = 0; i < 3; i++)
        {
            using var answer = await run.Http.PostAsync(
                new Uri("/sync", UriKind.Relative),
                null,
                TestContext.Current.CancellationToken
            );
            Assert.Equal("True InSync", await _namespace.ConditionAsync("portal", "Ready"));
        }
    }

    [Fact]
    public async Task OlderRequestInAMissingZone_DoesNotBlockTheName()
    {
        await using var run = await StartAsync();
        await _namespace.RecordAsync("a-blocker", "{zone: portal.example.com, name: '@', addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("a-blocker", "Ready") == "False ZoneNotFound"
        );
        await NextSecondAsync();
        await _namespace.RecordAsync("portal", "{zone: example.com, name: portal, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("portal", "Ready") == "True InSync");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("a-blocker", "Accepted") == "False Conflict"
        );
        await HasValuesAsync("portal", "203.0.113.10");
    }

    [Fact]
    public async Task NameOutsideAllowedDomains_IsRefused_ForEachKind()
    {
        await using var run = await StartAsync(s =>
            s[$"Esddns:Kubernetes:AllowedDomains:{_namespace.Name}"] = "team.example.com"
        );
        await ServiceAsync("bank", "bank.example.com");
        await _namespace.IngressAsync("bank", "198.51.100.20");
        await _namespace.RecordAsync("shop", "{zone: example.com, name: shop, addressFrom: {wan: {}}}");
        await _namespace.RecordAsync("like", "{zone: example.com, name: notteam, addressFrom: {wan: {}}}");
        await _namespace.RecordAsync("app", "{zone: example.com, name: app.team, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "True InSync");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("shop", "Accepted") == "False NotAllowed"
        );
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("like", "Accepted") == "False NotAllowed"
        );
        await Eventually.IsTrueAsync(async () =>
            (
                await api.KubectlAsync(null, "describe", "--namespace", _namespace.Name, "service", "bank")
            ).Output.Contains("bank.example.com is in none of the domains", StringComparison.Ordinal)
        );
        Assert.Equal(["app.team"], _simulator.Requests.Writes.Select(w => w.Path.Split('/')[^2]).Distinct());
    }

    private Task<OperatorRun> StartAsync(Action<Dictionary<string, string?>>? more = null) =>
        OperatorRun.StartAsync(_simulator, _namespace.WithoutRecord("pod", more: more));

    /// <summary>Waits for the next second: the creation timestamp has a resolution of one second.</summary>
    private static async Task NextSecondAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Eventually.IsTrueAsync(() => TimeProvider.System.GetUtcNow() >= now.AddSeconds(1.5));
    }

    private Task ServiceAsync(string name, string host) =>
        _namespace.ApplyAsync(
            $$$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{{name}}}, annotations: {esddns.io/hostname: "{{{host}}}"} }
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            """
        );

    private Task HasValuesAsync(string name, string value) =>
        Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", name, "A") is [var now] && now == value);
}
