using System.Net.Http.Headers;
using System.Text;
using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Simulator;

/// <summary>Updates by the protocol dyndns2.</summary>
public sealed class DynDnsTests : IAsyncLifetime
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

    [Theory]
    [InlineData("hostname=home.example.com&myip=198.51.100.7", "A", "198.51.100.7")]
    [InlineData("hostname=HOME.EXAMPLE.COM&myip=2001:db8::7", "AAAA", "2001:db8::7")]
    public async Task Update_ChangesTheRecordOnce(string query, string type, string address)
    {
        var name = query.Contains("HOME", StringComparison.Ordinal) ? "HOME" : "home";
        Assert.Equal($"good {address}\n", await UpdateAsync(query));
        Assert.Equal([address], _simulator.LiveDns.Values("example.com", name, type)!);
        Assert.Equal($"nochg {address}\n", await UpdateAsync(query));
    }

    [Fact]
    public async Task Update_OfSeveralNames_AnswersEachInItsOwnLine() =>
        Assert.Equal(
            "good 198.51.100.7\nnohost\ngood 198.51.100.7\n",
            await UpdateAsync("hostname=a.example.com,b.example.net,c.example.com&myip=198.51.100.7")
        );

    [Theory]
    [InlineData("hostname=home.example.com&myip=198.51.100.7", "wrong-token", "badauth")]
    [InlineData("hostname=home.example.com&myip=198.51.100.7", null, "badauth")]
    [InlineData("myip=198.51.100.7", "simulator-token", "notfqdn")]
    [InlineData("hostname=home.example.com&myip=here", "simulator-token", "dnserr")]
    public async Task WrongRequest_ChangesNothing(string query, string? token, string answer)
    {
        Assert.Equal(answer + "\n", await UpdateAsync(query, token));
        Assert.Null(_simulator.LiveDns.Values("example.com", "home", "A"));
    }

    [Fact]
    public async Task Update_IsLoggedWithTheNameOfTheToken()
    {
        await UpdateAsync("hostname=home.example.com&myip=198.51.100.7");
        var request = Assert.Single(_simulator.Requests.All);
        Assert.Equal("main", request.Token);
        Assert.StartsWith("/nic/update?", request.Path, StringComparison.Ordinal);
    }

    private async Task<string> UpdateAsync(string query, string? token = "simulator-token")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/nic/update?{query}");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{token}"))
            );
        using var response = await _http.SendAsync(request, Cancel);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
