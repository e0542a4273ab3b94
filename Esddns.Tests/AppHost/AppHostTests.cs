using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Esddns.Tests.Support;

namespace Esddns.Tests.AppHost;

/// <summary>The AppHost as <c>dotnet run</c> starts it, at other ports.</summary>
public sealed class AppHostTests : IAsyncLifetime
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(4);
    private static readonly string[] s_ours = ["sync-now", "change-address", "fail-provider", "lie", "end-faults"];
    private DistributedApplication _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string[] endpoints = ["operator:http", "web:http", "simulator:http", "simulator:dns", "simulator:stun"];
        var ports = FreePorts.Take(endpoints.Length);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Esddns_AppHost>(
            [.. endpoints.Select((endpoint, i) => $"--Ports:{endpoint}={ports[i]}"), "--Parameters:owner-name=lab"],
            Cancel
        );
        _app = await builder.BuildAsync(Cancel);
        await _app.StartAsync(Cancel).WaitAsync(s_start, Cancel);
        foreach (var name in new[] { "simulator", "operator", "web" })
            await HealthyAsync(name);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>One test for all buttons: a start takes seconds.</summary>
    [Fact]
    public async Task Buttons_ChangeTheAddress_FailTheProvider_AndLie()
    {
        // A parameter: the name of the record.
        await Eventually.IsTrueAsync(async () => await AddressAsync("lab") == "203.0.113.10");

        await CommandAsync("simulator", "Change WAN address", "203.0.113.77");
        await CommandAsync("operator", "Sync now");
        Assert.Equal("203.0.113.77", await AddressAsync("lab"));

        var wrong = await ExecuteAsync("simulator", "Change WAN address", "2001:db8::1");
        Assert.Equal("ipv4: '2001:db8::1' is not an address of this family.", wrong.Message);

        wrong = await ExecuteAsync("simulator", "Change WAN address", "\"");
        Assert.Equal("ipv4: '\"' is not an address of this family.", wrong.Message);

        await CommandAsync("simulator", "Lie with one source");
        var unsure = await ExecuteAsync("operator", "Sync now");
        Assert.StartsWith("lab.example.com A is not in sync: ", unsure.Message, StringComparison.Ordinal);
        Assert.Equal("203.0.113.77", await AddressAsync("lab"));
        await CommandAsync("simulator", "End all faults");

        await CommandAsync("simulator", "Fail the provider for a minute");
        Assert.Contains("\"seconds\": 60", await GetAsync("simulator", "/control/faults"), StringComparison.Ordinal);
        await CommandAsync("simulator", "End all faults");
        Assert.Equal("[]", await GetAsync("simulator", "/control/faults"));

        await CommandAsync("simulator", "Change WAN address", "203.0.113.78");
        await CommandAsync("operator", "Sync now");
        Assert.Equal("203.0.113.78", await AddressAsync("lab"));

        await RestartAsync("operator");
        await Eventually.IsTrueAsync(async () =>
            (await GetAsync("web", "/raw")).Contains("203.0.113.78", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Links_OpenSomething()
    {
        var (links, tooltips) = (0, 0);
        foreach (var name in new[] { "simulator", "operator", "web" })
        {
            var resource = await HealthyAsync(name);
            foreach (var url in resource.Snapshot.Urls.Where(u => u.Url.StartsWith("http", StringComparison.Ordinal)))
            {
                using var http = new HttpClient();
                using var answer = await http.GetAsync(new Uri(url.Url), Cancel);
                Assert.True(answer.IsSuccessStatusCode, $"{url.Url}: {answer.StatusCode}");
                Assert.NotEqual("", url.DisplayProperties.DisplayName);
                links++;
            }

            foreach (var command in resource.Snapshot.Commands.Where(c => s_ours.Contains(c.Name)))
            {
                Assert.StartsWith(command.DisplayName, command.DisplayDescription, StringComparison.Ordinal);
                tooltips++;
            }
        }

        Assert.Equal((6, s_ours.Length), (links, tooltips));
    }

    private Task<ResourceEvent> HealthyAsync(string name) =>
        _app.ResourceNotifications.WaitForResourceHealthyAsync(name, Cancel).WaitAsync(s_start, Cancel);

    private async Task<string> GetAsync(string resource, string path)
    {
        using var http = _app.CreateHttpClient(resource, "http");
        return await http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
    }

    private async Task<string?> AddressAsync(string owner)
    {
        using var simulator = _app.CreateHttpClient("simulator", "http");
        var zone = await simulator.GetFromJsonAsync<JsonArray>(
            new Uri("/control/zones/example.com", UriKind.Relative),
            Cancel
        );
        return (string?)zone!.FirstOrDefault(r => (string?)r!["name"] == owner)?["values"]![0];
    }

    private async Task CommandAsync(string resource, string displayName, string? ipv4 = null)
    {
        var result = await ExecuteAsync(resource, displayName, ipv4);
        Assert.True(result.Success, $"{displayName}: {result.Message}");
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(string resource, string displayName, string? ipv4 = null)
    {
        var command = (await HealthyAsync(resource)).Snapshot.Commands.Single(c => c.DisplayName == displayName);
        var service = _app.ResourceCommands;
        return ipv4 is null
            ? await service.ExecuteCommandAsync(resource, command.Name, Cancel)
            : await service.ExecuteCommandAsync(resource, command.Name, Arguments(ipv4), Cancel);
    }

    private async Task RestartAsync(string resource)
    {
        var result = await _app.ResourceCommands.ExecuteCommandAsync(
            resource,
            KnownResourceCommands.RestartCommand,
            Cancel
        );
        Assert.True(result.Success, result.Message);
        await HealthyAsync(resource);
    }

    private static InteractionInputCollection Arguments(string ipv4) =>
        new([
            new InteractionInput
            {
                Name = "ipv4",
                InputType = InputType.Text,
                Value = ipv4,
            },
        ]);
}
