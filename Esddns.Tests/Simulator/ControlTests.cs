using System.Net;
using System.Text;
using Esddns.Configuration;
using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Simulator;

/// <summary>The control endpoints and their effects on the services.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _http = new HttpClient { BaseAddress = _simulator.Url };
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Wan_CanBeChangedAndRemoved()
    {
        await PutWanAsync("""{"ipv4":"198.51.100.7"}""");
        Assert.Equal("198.51.100.7\n", await _http.GetStringAsync(Path("/echo/a"), Cancel));
        Assert.Equal("198.51.100.7", await _http.GetStringAsync(Path("/echo/b"), Cancel));
        Assert.Equal("2001:db8::10", await _http.GetStringAsync(Path("/echo/b?family=6"), Cancel));
        await PutWanAsync("""{"ipv4":""}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _http.GetAsync(Path("/echo/a"), Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("""{"ipv4":"2001:db8::1"}""")]
    [InlineData("""{"ipv4":"300.1.1.1"}""")]
    [InlineData("""{"ip":"198.51.100.7"}""")]
    [InlineData("[]")]
    public async Task Wan_InvalidInput_Returns400AndChangesNothing(string body)
    {
        var answer = await PutWanAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("203.0.113.10", _simulator.Wan.IPv4!.ToString());
    }

    [Fact]
    public async Task Fault_EndsAfterItsCount()
    {
        await PostAsync("/control/faults", """{"service":"echo-a","kind":"status","status":418,"count":2}""");
        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
            statuses.Add((int)(await _http.GetAsync(Path("/echo/a"), Cancel)).StatusCode);
        Assert.Equal([418, 418, 200], statuses);
    }

    [Theory]
    [InlineData("""{"service":"mail","kind":"reset"}""")]
    [InlineData("""{"service":"dns","kind":"explode"}""")]
    [InlineData("""{"service":"stun","kind":"wrongAddress"}""")]
    public async Task Fault_InvalidInput_Returns400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/control/faults", body)).StatusCode);

    [Fact]
    public async Task Requests_AreListedWithoutTokens()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v5/livedns/domains");
        request.Headers.Authorization = new("Bearer", "simulator-token");
        await _http.SendAsync(request, Cancel);
        var list = await _http.GetStringAsync(Path("/control/requests"), Cancel);
        Assert.Contains("\"token\": \"main\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain("simulator-token", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_RestoresTheInitialState()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "198.51.100.4");
        await PutWanAsync("""{"ipv4":"198.51.100.7"}""");
        await PostAsync("/control/reset", "");
        Assert.Null(_simulator.LiveDns.Values("example.com", "home", "A"));
        Assert.Equal("203.0.113.10", _simulator.Wan.IPv4!.ToString());
    }

    [Fact]
    public void InvalidSettings_GiveOneErrorEach()
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager
        {
            ["Simulator:HttpPort"] = "99999",
            ["Simulator:IPv4"] = "::1",
        };
        var reader = new SettingsReader(configuration);
        SimulatorOptions.Read(reader);
        Assert.Equal(2, reader.Errors.Count);
    }

    private Task<HttpResponseMessage> PutWanAsync(string json) =>
        _http.PutAsync(Path("/control/wan"), Json(json), Cancel);

    private Task<HttpResponseMessage> PostAsync(string path, string json) =>
        _http.PostAsync(Path(path), Json(json), Cancel);

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static Uri Path(string path) => new(path, UriKind.Relative);
}
