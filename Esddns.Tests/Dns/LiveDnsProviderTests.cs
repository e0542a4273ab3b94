using Esddns.Operator.Dns;

namespace Esddns.Tests.Dns;

/// <summary>Reads and writes of records at LiveDNS, and its answers to writes.</summary>
public sealed class LiveDnsProviderTests : LiveDnsScenario
{
    [Fact]
    public async Task Read_MissingRecord_IsAbsent() => Assert.Empty(await ReadAsync(s_home));

    [Fact]
    public async Task Write_MissingRecord_CreatesIt()
    {
        Assert.IsType<LookupResult<RRset>.Available>(await WriteAsync(new RRset(s_home, 300, Set("198.51.100.4"))));
        Assert.Equal(["198.51.100.4"], _simulator.LiveDns.Values("example.com", "home", "A")!);
    }

    [Fact]
    public async Task Write_ExistingRecord_Succeeds()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "198.51.100.4");
        Assert.IsType<LookupResult<RRset>.Available>(await WriteAsync(new RRset(s_home, 300, Set("198.51.100.5"))));
        Assert.Equal(201, _simulator.Requests.Writes.Single().Status);
    }

    [Fact]
    public async Task Write_ChangesNoOtherRecord()
    {
        _simulator.LiveDns.Set("example.com", "home", "TXT", 300, "\"keep me\"");
        var before = _simulator.LiveDns.Zone("example.com")!.RRsets.ToArray();
        await WriteAsync(new RRset(s_home, 300, Set("198.51.100.4")));
        await WriteAsync(new RRset(s_home, 300, Set("198.51.100.5")));
        Assert.Subset(_simulator.LiveDns.Zone("example.com")!.RRsets.ToHashSet(), before.ToHashSet());
        Assert.All(
            _simulator.Requests.Writes,
            r => Assert.Equal(("PUT", "/v5/livedns/domains/example.com/records/home/A"), (r.Method, r.Path))
        );
    }

    [Fact]
    public async Task Write_AlwaysSendsTheTtl()
    {
        await WriteAsync(new RRset(s_home, 1234, Set("198.51.100.4")));
        await WriteAsync(new RRset(Key("other"), 300, Set("198.51.100.4")));
        var zone = _simulator.LiveDns.Zone("example.com")!;
        Assert.Equal((1234, 300), (zone.Find("home", "A")!.Ttl, zone.Find("other", "A")!.Ttl));
    }

    [Theory]
    [InlineData(299)]
    [InlineData(2_592_001)]
    public async Task Write_TtlOutOfRange_IsRefusedWithoutARequest(int ttl)
    {
        var fault = Fault(await WriteAsync(new RRset(s_home, ttl, Set("198.51.100.4"))));
        Assert.Equal((FaultKind.Definitive, "rejected"), (fault.Kind, fault.Type));
        Assert.Contains("300 to 2592000", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_simulator.Requests.All);
    }

    [Fact]
    public async Task Read_SeveralRecords_FollowsThePages()
    {
        for (var i = 0; i < 1203; i++)
            _simulator.LiveDns.Set("example.com", $"host{i}", "A", 300, "198.51.100.4");
        var keys = Enumerable.Range(0, 1203).Select(i => Key($"host{i}")).ToArray();
        Assert.Equal(1203, (await ReadAsync(keys)).Count);
        Assert.Equal(3, _simulator.Requests.All.Count);
    }

    [Fact]
    public async Task Read_MultiValueRRset_HasAllValues()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "198.51.100.4", "198.51.100.5", "198.51.100.6");
        Assert.Equal(3, (await ReadAsync(s_home))[s_home].Values.Count);
    }

    [Fact]
    public async Task Zones_AreTheZonesOfTheAccount()
    {
        var zones = Assert
            .IsType<LookupResult<IReadOnlyCollection<DomainName>>.Available>(await Provider().ZonesAsync(Cancel))
            .Value;
        Assert.Equal(["example.co.uk", "example.com", "example.dev"], zones.Select(z => z.ToString()).Order());
    }

    [Fact]
    public async Task Write_UndocumentedSuccess_IsNotConfirmed()
    {
        _simulator.Faults.Add(
            new("livedns", Esddns.Simulator.Faults.FaultEffect.Status)
            {
                Status = 200,
                Body = "<html>Please log in</html>",
            }
        );
        var fault = Fault(await WriteAsync(new RRset(s_home, 300, Set("198.51.100.4"))));
        Assert.Equal(("unreadable", true), (fault.Type, fault.Unconfirmed));
    }
}
