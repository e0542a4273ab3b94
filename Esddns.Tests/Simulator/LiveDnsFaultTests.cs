using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Simulator;

/// <summary>Faults of the simulated LiveDNS within the protocol: the answer differs from the stored data.</summary>
public sealed class LiveDnsFaultTests : IAsyncLifetime
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private SimulatorHost _simulator = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync(time: _time);
        _http = new HttpClient { BaseAddress = _simulator.Url };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "simulator-token");
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _simulator.DisposeAsync();
    }

    [Fact]
    public async Task StaleRead_ReturnsEarlierState_UntilItsCountIsUsed()
    {
        foreach (var n in new[] { 1, 2, 3 })
            await PutAsync($"198.51.100.{n}");
        await AddFaultAsync("""{"service":"livedns","kind":"staleRead","lag":2,"count":2}""");
        Assert.Equal("198.51.100.1", await ReadAsync());
        await PutAsync("198.51.100.4");
        Assert.Equal("198.51.100.2", await ReadAsync());
        Assert.Equal("198.51.100.4", await ReadAsync());
    }

    [Fact]
    public async Task StaleRead_OfANewRecord_Returns404()
    {
        await PutAsync("198.51.100.1");
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.StaleRead));
        Assert.Equal("404", await ReadAsync());
        _simulator.Faults.Clear();
        Assert.Equal("198.51.100.1", await ReadAsync());
    }

    [Fact]
    public async Task LostWrite_IsAcknowledgedButNotStored()
    {
        await PutAsync("198.51.100.1");
        await AddFaultAsync("""{"service":"livedns","kind":"lostWrite","count":2}""");
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("198.51.100.2")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _http.DeleteAsync(Record, Cancel)).StatusCode);
        Assert.Equal("198.51.100.1", await ReadAsync());
        await PutAsync("198.51.100.3");
        Assert.Equal("198.51.100.3", await ReadAsync());
    }

    [Fact]
    public async Task LateWrite_IsStoredAndAnsweredAfterItsLatency()
    {
        await AddFaultAsync("""{"service":"livedns","kind":"lateWrite","latencyMs":5000,"count":1}""");
        var late = PutAsync("198.51.100.1");
        await Eventually.IsTrueAsync(() => _simulator.Faults.Active.Count == 0);
        Assert.Equal("404", await ReadAsync());
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return late.IsCompleted;
        });
        Assert.Equal(HttpStatusCode.Created, (await late).StatusCode);
        Assert.Equal("198.51.100.1", await ReadAsync());
    }

    [Fact]
    public async Task LateWrite_ClientDisconnects_IsStored()
    {
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.LateWrite) { LatencyMs = 5000, Count = 1 });
        using var leave = new CancellationTokenSource();
        var late = PutAsync("198.51.100.1", leave.Token);
        await Eventually.IsTrueAsync(() => _simulator.Faults.Active.Count == 0);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        Assert.Equal("404", await ReadAsync());
        await Eventually.IsTrueAsync(async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return await ReadAsync() == "198.51.100.1";
        });
    }

    [Fact]
    public async Task Zone_CanBeSavedAndRestored()
    {
        await PutAsync("198.51.100.1");
        var kept = await _http.GetStringAsync(Path("/control/zones/example.com"), Cancel);
        await PutAsync("198.51.100.2");
        await PutAsync("198.51.100.3", record: Path("/v5/livedns/domains/example.com/records/other/A"));
        var restored = await _http.PutAsync(
            Path("/control/zones/example.com"),
            new StringContent(kept, s_json),
            Cancel
        );
        Assert.Equal(HttpStatusCode.NoContent, restored.StatusCode);
        Assert.Equal("198.51.100.1", await ReadAsync());
        Assert.Null(_simulator.LiveDns.Values("example.com", "other", "A"));
    }

    [Theory]
    [InlineData("""{"service":"livedns","kind":"staleRead","lag":0}""")]
    [InlineData("""{"service":"livedns","kind":"staleRead","lag":17}""")]
    public async Task Lag_OutOfRange_Returns400(string fault) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await AddFaultAsync(fault)).StatusCode);

    private static Uri Record => Path("/v5/livedns/domains/example.com/records/home/A");

    private async Task<string> ReadAsync()
    {
        var answer = await _http.GetAsync(Record, Cancel);
        return answer.StatusCode != HttpStatusCode.OK
            ? $"{(int)answer.StatusCode}"
            : (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("rrset_values")[0].GetString()!;
    }

    private Task<HttpResponseMessage> PutAsync(string address, CancellationToken? cancel = null, Uri? record = null) =>
        _http.PutAsJsonAsync(
            record ?? Record,
            new { rrset_ttl = 300, rrset_values = new[] { address } },
            cancel ?? Cancel
        );

    private Task<HttpResponseMessage> AddFaultAsync(string fault) =>
        _http.PostAsync(Path("/control/faults"), new StringContent(fault, s_json), Cancel);

    private static Uri Path(string path) => new(path, UriKind.Relative);
}
