using System.Net;
using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Simulator;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

/// <summary>The LiveDNS client against the simulator, with the bugs known from other clients.</summary>
public sealed class LiveDnsProviderTests : IAsyncLifetime
{
    private static readonly DomainName s_zone = DomainName.Parse("example.com");
    private static readonly RecordKey s_home = Key("home");
    private SimulatorHost _simulator = null!;
    private JsonDocument _written = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task Read_MissingRecord_IsKnownToBeAbsent() => Assert.Empty(await ReadAsync(s_home));

    [Fact]
    public async Task Write_MissingRecord_CreatesIt()
    {
        Assert.IsType<LookupResult<RRset>.Available>(await WriteAsync(new RRset(s_home, 300, Set("198.51.100.4"))));
        Assert.Equal(["198.51.100.4"], _simulator.LiveDns.Values("example.com", "home", "A")!);
    }

    [Fact]
    public async Task Write_ExistingRecord_Answers201AndIsASuccess()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "198.51.100.4");
        Assert.IsType<LookupResult<RRset>.Available>(await WriteAsync(new RRset(s_home, 300, Set("198.51.100.5"))));
        Assert.Equal(201, _simulator.Requests.Writes.Single().Status);
    }

    [Fact]
    public async Task Write_NeverTouchesOtherTypesNamesOrTheZone_NorDeletes()
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
    public async Task Read_ApexAndWildcard_AreEscapedAndFound()
    {
        _simulator.LiveDns.Set("example.com", "*", "A", 300, "198.51.100.8");
        var read = await ReadAsync(Key("@"), Key("*"));
        Assert.Equal(2, read.Count);
        Assert.Single(await ReadAsync(Key("@")));
        Assert.Equal(["198.51.100.8"], (await ReadAsync(Key("*")))[Key("*")].Values.Select(v => v.ToString()));
    }

    [Fact]
    public async Task Read_NameStoredInAnotherCase_IsFoundAndKeepsItsCase()
    {
        _simulator.LiveDns.Set("example.com", "HoMe", "A", 300, "198.51.100.4");
        var provider = Provider();
        var found = Assert.Single(await ReadAsync(provider, s_home)).Value;
        Assert.Equal((s_home, "HoMe"), (found.Key, found.StoredName));
        Assert.EndsWith("/records/HoMe/A", found.Href, StringComparison.Ordinal);
        var next = found with { Values = Set("198.51.100.5") };
        Assert.IsType<LookupResult<RRset>.Available>(await provider.WriteAsync(next, found, Cancel));
        Assert.Equal(["198.51.100.5"], _simulator.LiveDns.Values("example.com", "HoMe", "A")!);
        _simulator.Requests.Clear();
        Assert.Equal(Set("198.51.100.5"), (await ReadAsync(provider, s_home))[s_home].Values);
        Assert.EndsWith("/records/HoMe/A", Assert.Single(_simulator.Requests.All).Path, StringComparison.Ordinal);
        Assert.IsType<LookupResult<RRset>.Available>(
            await provider.WriteAsync(found with { Values = Set() }, found, Cancel)
        );
        Assert.Null(_simulator.LiveDns.Values("example.com", "HoMe", "A"));
    }

    [Theory]
    [InlineData("bücher")]
    [InlineData("BÜCHER")]
    [InlineData("XN--bcher-kva")]
    public async Task Read_NameStoredInAnotherForm_IsFoundAndKeepsIt(string stored)
    {
        _simulator.LiveDns.Set("example.com", stored, "A", 300, "198.51.100.4");
        var key = Key("xn--bcher-kva");
        var found = (await ReadAsync(key, Key("@")))[key];
        Assert.IsType<LookupResult<RRset>.Available>(await WriteAsync(found with { Values = Set("198.51.100.5") }));
        Assert.Equal(["198.51.100.5"], _simulator.LiveDns.Values("example.com", stored, "A")!);
    }

    [Fact]
    public async Task Read_NameThatWasRenamedAtTheProvider_IsFoundAgain()
    {
        var provider = Provider();
        foreach (var stored in new[] { "HoMe", "HOME", "home" })
        {
            var kept = _simulator.LiveDns.Snapshot("example.com");
            _simulator.LiveDns.Set("example.com", stored, "A", 300, "198.51.100.4");
            Assert.Single(await ReadAsync(provider, s_home));
            _simulator.LiveDns.Restore("example.com", kept);
        }

        Assert.Empty(await ReadAsync(provider, s_home));
    }

    [Fact]
    public async Task Read_OneNameStoredTwice_StopsThatRecordAlone()
    {
        _simulator.LiveDns.Set("example.com", "Home", "A", 300, "198.51.100.4");
        _simulator.LiveDns.Set("example.com", "HOME", "A", 300, "198.51.100.5");
        var read = await ReadAsync(s_home, Key("@"));
        Assert.Equal(Set("198.51.100.4", "198.51.100.5"), read[s_home].Values);
        var planned = new RRset(s_home, 300, Set("198.51.100.9"));
        foreach (var next in new[] { planned, read[s_home] with { Values = planned.Values } })
        {
            var fault = Fault(await Provider().WriteAsync(next, read[s_home], Cancel));
            Assert.Equal((FaultKind.Definitive, "unreadable"), (fault.Kind, fault.Type));
            Assert.Contains("'Home' and 'HOME'", fault.Message, StringComparison.Ordinal);
        }

        Assert.IsType<LookupResult<RRset>.Available>(
            await WriteAsync(read[Key("@")] with { Values = Set("198.51.100.9") })
        );
        Assert.Single(_simulator.Requests.Writes);
    }

    [Theory]
    [InlineData("A", "1")]
    [InlineData("A", "010.1.1.1")]
    [InlineData("A", " 198.51.100.9 ")]
    [InlineData("A", "2001:db8::1")]
    [InlineData("A", "")]
    [InlineData("AAAA", "::ffff:198.51.100.9")]
    [InlineData("AAAA", "fe80::1%1")]
    [InlineData("AAAA", "[2001:db8::1]")]
    [InlineData("AAAA", "198.51.100.9")]
    public async Task Value_InAnotherFormThanAnAddress_IsKeptAndWrittenBackAsItIs(string type, string value)
    {
        var key = s_home with { Type = Enum.Parse<RecordType>(type) };
        var address = type == "A" ? "198.51.100.4" : "2001:db8::4";
        var stored = Json("home", JsonSerializer.Serialize(new[] { address, value }), type: type);
        await using var server = await HttpStub.StartAsync(context =>
            context.Request.Method == "GET" ? context.Response.WriteAsync(stored) : Accept(context)
        );
        var provider = LiveDnsUnderTest.Provider(server);
        var read = (await ReadAsync(provider, key))[key];
        Assert.Equal((Set(address), value), (read.Values, Assert.Single(read.Unread)));
        await provider.WriteAsync(read with { Values = Set() }, read, Cancel);
        Assert.Equal([value], _written.RootElement.GetProperty("rrset_values").Deserialize<string[]>()!);
    }

    [Fact]
    public async Task Values_ThatAreAllTaken_AreADeletion()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "198.51.100.4");
        var read = (await ReadAsync(s_home))[s_home];
        Assert.IsType<LookupResult<RRset>.Available>(await WriteAsync(read with { Values = Set() }));
        Assert.Equal("DELETE", Assert.Single(_simulator.Requests.Writes).Method);
    }

    /// <summary>
    /// An RRset that cannot be written back or displayed is unreadable. It affects only its own record.
    /// </summary>
    [Theory]
    [InlineData("300", "[\"198.51.100.4\",null]")]
    [InlineData("300", "null")]
    [InlineData("null", "[\"198.51.100.4\"]")]
    [InlineData("300", "[\"198.51.100.4\",\"x\\u202ey\"]")]
    [InlineData("300", "[\"198.51.100.4\",\"x\\u0007y\"]")]
    public async Task RRset_ThatIsNotWhole_IsUnreadable(string ttl, string values)
    {
        var rrset = Json("home", values, ttl);
        await using var server = await HttpStub.StartAsync(context =>
            context.Request.Method != "GET"
                ? Accept(context)
                : context.Response.WriteAsync(
                    context.Request.Path.Value!.EndsWith("/home/A", StringComparison.Ordinal)
                        ? rrset
                        : $"[{rrset},{Json("other")}]"
                )
        );
        var provider = LiveDnsUnderTest.Provider(server);
        Assert.Equal("unreadable", LiveDnsUnderTest.Fault(await provider.ReadAsync(s_zone, [s_home], Cancel)).Type);

        var read = await ReadAsync(provider, s_home, Key("other"));
        var next = read[s_home] with { Ttl = 300, Values = Set("198.51.100.9") };
        Assert.Equal("unreadable", Fault(await provider.WriteAsync(next, read[s_home], Cancel)).Type);
        Assert.Null(read[Key("other")].Unwritable);
        Assert.DoesNotContain(server.Requests, r => r.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("a")]
    [InlineData(" A")]
    [InlineData("A,AAAA")]
    public async Task Type_IsComparedAsItIs(string type)
    {
        await using var server = await HttpStub.StartAsync(200, $"[{Json("home", type: type)}]");
        Assert.Empty(await ReadAsync(LiveDnsUnderTest.Provider(server), s_home, Key("other")));
    }

    [Theory]
    [InlineData("""{"rrset_type":"A","rrset_ttl":300,"rrset_values":["198.51.100.4"]}""")]
    [InlineData("""{"rrset_name":"home","rrset_ttl":300,"rrset_values":["198.51.100.4"]}""")]
    public async Task Entry_WithoutNameOrType_MakesTheListUnknown(string entry)
    {
        await using var server = await HttpStub.StartAsync(200, $"[{entry}]");
        var answer = await LiveDnsUnderTest.Provider(server).ReadAsync(s_zone, [s_home, Key("other")], Cancel);
        Assert.Equal("unreadable", LiveDnsUnderTest.Fault(answer).Type);
    }

    /// <summary>An entry comes twice if a record is added while the client reads the pages.</summary>
    [Fact]
    public async Task Entry_ThatComesTwice_IsOne()
    {
        await using var server = await HttpStub.StartAsync(200, $"[{Json("home")},{Json("home")}]");
        Assert.Null((await ReadAsync(LiveDnsUnderTest.Provider(server), s_home, Key("other")))[s_home].Unwritable);
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
    public async Task Read_InvisibleZone_IsAFaultOfConfigurationNotAnAbsence()
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

    [Theory]
    [InlineData("wrong-token", "unauthorized")]
    [InlineData("abcdefghijklmnopqrstuvw1", "unauthorized")]
    public async Task WrongToken_IsPersistentAndNeverShown(string token, string type)
    {
        var fault = Fault(
            await Provider(o => o with { Token = token })
                .WriteAsync(new RRset(s_home, 300, Set("198.51.100.4")), null, Cancel)
        );
        Assert.Equal((FaultKind.Persistent, type), (fault.Kind, fault.Type));
        Assert.DoesNotContain(token, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenWithoutPermission_IsForbidden()
    {
        _simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        Assert.Equal("forbidden", Fault(await WriteAsync(new RRset(s_home, 300, Set("198.51.100.4")))).Type);
    }

    [Theory]
    [InlineData("simulator-token", nameof(LiveDnsScheme.Auto), true)]
    [InlineData("abcdefghijklmnopqrstuvwx", nameof(LiveDnsScheme.Auto), true)]
    [InlineData("abcdefghijklmnopqrstuvwx", nameof(LiveDnsScheme.Bearer), false)]
    [InlineData("simulator-token", nameof(LiveDnsScheme.Apikey), false)]
    public async Task Scheme_FollowsTheShapeOfTheTokenOrTheConfiguration(string token, string scheme, bool works)
    {
        var zones = await Provider(o => o with { Token = token, Scheme = Enum.Parse<LiveDnsScheme>(scheme) })
            .ZonesAsync(Cancel);
        Assert.Equal(works, zones is LookupResult<IReadOnlyCollection<DomainName>>.Available);
    }

    [Fact]
    public async Task TokenFile_IsReadAgainWhenItChanges()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "no-longer-valid\n", Cancel);
        var provider = Provider(o => o with { Token = null, TokenFile = file });
        Assert.IsType<LookupResult<IReadOnlyCollection<DomainName>>.Unavailable>(await provider.ZonesAsync(Cancel));
        await File.WriteAllTextAsync(file, "simulator-token\n", Cancel);
        Assert.IsType<LookupResult<IReadOnlyCollection<DomainName>>.Available>(await provider.ZonesAsync(Cancel));
        File.Delete(file);
        var fault = Assert
            .IsType<LookupResult<IReadOnlyCollection<DomainName>>.Unavailable>(await provider.ZonesAsync(Cancel))
            .Fault;
        Assert.Contains(file, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zones_AreThoseOfTheAccount()
    {
        var zones = Assert
            .IsType<LookupResult<IReadOnlyCollection<DomainName>>.Available>(await Provider().ZonesAsync(Cancel))
            .Value;
        Assert.Equal(["example.co.uk", "example.com", "example.dev"], zones.Select(z => z.ToString()).Order());
    }

    [Fact]
    public async Task RateLimited_CarriesRetryAfter()
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
    public async Task Rejected_SaysWhatTheProviderSaid()
    {
        _simulator.LiveDns.Set("example.com", "alias", "CNAME", 300, "elsewhere.example.net.");
        var fault = Fault(await WriteAsync(new RRset(Key("alias"), 300, Set("198.51.100.4"))));
        Assert.Equal((FaultKind.Definitive, "rejected"), (fault.Kind, fault.Type));
        Assert.Contains("CNAME record cannot coexist", fault.Message, StringComparison.Ordinal);
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
    public async Task BrokenAnswer_IsTransientAndUnconfirmed(string kind, string type)
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

    [Fact]
    public async Task Write_SuccessInSomebodyElsesWords_IsNotConfirmed()
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

    [Theory]
    [InlineData("<html>Please log in</html>", "text/html")]
    [InlineData("{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData(
        "{\"rrset_name\":\"other\",\"rrset_type\":\"A\",\"rrset_ttl\":300,\"rrset_values\":[\"198.51.100.4\"]}",
        "application/json"
    )]
    public async Task Read_SuccessThatIsNoRRset_IsUnknownNotEmpty(string body, string contentType)
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

    private async Task Accept(HttpContext context)
    {
        _written = await JsonDocument.ParseAsync(context.Request.Body, default, Cancel);
        context.Response.StatusCode = 201;
        await context.Response.WriteAsync("""{"message":"DNS Record Created"}""");
    }

    private static string Json(
        string name,
        string values = "[\"198.51.100.4\"]",
        string ttl = "300",
        string type = "A"
    ) => $$"""{"rrset_name":"{{name}}","rrset_type":"{{type}}","rrset_ttl":{{ttl}},"rrset_values":{{values}}}""";

    private Task<IReadOnlyDictionary<RecordKey, RRset>> ReadAsync(params RecordKey[] keys) =>
        ReadAsync(Provider(), keys);

    private static async Task<IReadOnlyDictionary<RecordKey, RRset>> ReadAsync(
        IDnsProvider provider,
        params RecordKey[] keys
    ) => LiveDnsUnderTest.Known(await provider.ReadAsync(s_zone, keys, Cancel));

    private Task<LookupResult<RRset>> WriteAsync(RRset rrset) => Provider().WriteAsync(rrset, null, Cancel);

    private IDnsProvider Provider(Func<LiveDnsOptions, LiveDnsOptions>? change = null, TimeProvider? time = null)
    {
        var options = new LiveDnsOptions { BaseUrl = _simulator.LiveDnsUrl, Token = "simulator-token" };
        return LiveDnsUnderTest.Provider(change?.Invoke(options) ?? options, time);
    }

    private static ProviderFault Fault(LookupResult<RRset> answer) =>
        Assert.IsType<LookupResult<RRset>.Unavailable>(answer).Fault;

    private static RecordKey Key(string name) => new(s_zone, OwnerName.Parse(name), RecordType.A);

    private static AddressSet Set(params string[] addresses) => new(addresses.Select(IPAddress.Parse));
}
