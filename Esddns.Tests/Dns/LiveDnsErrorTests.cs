using Esddns.Operator.Dns;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

/// <summary>Errors and invalid answers of LiveDNS.</summary>
public sealed class LiveDnsErrorTests : LiveDnsScenario
{
    [Fact]
    public async Task Read_ZoneOfAnotherAccount_IsAPersistentFault()
    {
        var provider = Provider();
        var key = s_home with { Zone = DomainName.Parse("example.net") };
        var fault = Assert
            .IsType<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable>(
                await provider.ReadAsync(key.Zone, [key], Cancel)
            )
            .Fault;
        Assert.Equal((FaultKind.Persistent, "zone_not_found"), (fault.Kind, fault.Type));
    }

    [Fact]
    public async Task RateLimited_HasRetryAfter()
    {
        _simulator.Faults.Add(
            new Esddns.Simulator.Faults.Fault("livedns", Esddns.Simulator.Faults.FaultEffect.Status)
            {
                Status = 429,
                RetryAfter = 17,
            }
        );
        var fault = Fault(await WriteAsync(new RRset(s_home, 300, Set("198.51.100.4"))));
        Assert.Equal(
            (FaultKind.Transient, "rate_limited", TimeSpan.FromSeconds(17)),
            (fault.Kind, fault.Type, fault.RetryAfter)
        );
    }

    [Fact]
    public async Task Rejected_HasTheProvidersMessage()
    {
        _simulator.LiveDns.Set("example.com", "alias", "CNAME", 300, "elsewhere.example.net.");
        var fault = Fault(await WriteAsync(new RRset(Key("alias"), 300, Set("198.51.100.4"))));
        Assert.Equal((FaultKind.Definitive, "rejected"), (fault.Kind, fault.Type));
        Assert.Contains("CNAME record cannot coexist", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>A read that fails leaves nothing behind that could take effect later.</summary>
    [Theory]
    [InlineData(503)]
    [InlineData(408)]
    public async Task Read_Fails_IsNotUnconfirmed(int status)
    {
        _simulator.Faults.Add(new("livedns", Esddns.Simulator.Faults.FaultEffect.Status) { Status = status });
        var provider = Provider();
        Assert.False(LiveDnsUnderTest.Fault(await provider.ZonesAsync(Cancel)).Unconfirmed);
        Assert.False(LiveDnsUnderTest.Fault(await provider.ReadAsync(s_home.Zone, [s_home], Cancel)).Unconfirmed);
    }

    [Theory]
    [InlineData(500, "server_error", true)]
    [InlineData(503, "server_error", true)]
    [InlineData(409, "rejected", false)]
    public async Task ErrorStatus_IsClassified(int status, string type, bool unconfirmed)
    {
        _simulator.Faults.Add(new("livedns", Esddns.Simulator.Faults.FaultEffect.Status) { Status = status });
        var fault = Fault(await WriteAsync(new RRset(s_home, 300, Set("198.51.100.4"))));
        Assert.Equal((type, unconfirmed), (fault.Type, fault.Unconfirmed));
    }

    [Theory]
    [InlineData("Reset", "network")]
    [InlineData("Truncate", "network")]
    [InlineData("Silence", "timeout")]
    public async Task IncompleteAnswer_IsTransientAndUnconfirmed(string kind, string type)
    {
        _simulator.Faults.Add(new("livedns", Enum.Parse<Esddns.Simulator.Faults.FaultEffect>(kind)));
        var time = new FakeTimeProvider();
        var writing = Provider(time: time).WriteAsync(new RRset(s_home, 300, Set("198.51.100.4")), null, Cancel);
        if (kind == "Silence")
        {
            await Eventually.IsTrueAsync(() =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return writing.IsCompleted;
            });
        }

        var fault = Fault(await writing);
        Assert.Equal((FaultKind.Transient, type, true), (fault.Kind, fault.Type, fault.Unconfirmed));
    }

    [Theory]
    [InlineData("<html>Please log in</html>", "text/html")]
    [InlineData("{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData(
        "{\"rrset_name\":\"other\",\"rrset_type\":\"A\",\"rrset_ttl\":300,\"rrset_values\":[\"198.51.100.4\"]}",
        "application/json"
    )]
    public async Task Read_InvalidRRset_IsUnavailableNotEmpty(string body, string contentType)
    {
        _simulator.Faults.Add(
            new("livedns", Esddns.Simulator.Faults.FaultEffect.Status)
            {
                Status = 200,
                Body = body,
                ContentType = contentType,
            }
        );
        var answer = await Provider().ReadAsync(s_zone, [s_home], Cancel);
        Assert.Equal(
            "unreadable",
            Assert.IsType<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable>(answer).Fault.Type
        );
    }
}
