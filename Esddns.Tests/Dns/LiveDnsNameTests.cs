using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Esddns.Tests.Dns;

/// <summary>Names and values that LiveDNS stores in other forms.</summary>
public sealed class LiveDnsNameTests : LiveDnsScenario
{
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
    public async Task Read_NameStoredInAnotherForm_IsFoundAndKeepsItsForm(string stored)
    {
        _simulator.LiveDns.Set("example.com", stored, "A", 300, "198.51.100.4");
        var key = Key("xn--bcher-kva");
        var found = (await ReadAsync(key, Key("@")))[key];
        Assert.IsType<LookupResult<RRset>.Available>(await WriteAsync(found with { Values = Set("198.51.100.5") }));
        Assert.Equal(["198.51.100.5"], _simulator.LiveDns.Values("example.com", stored, "A")!);
    }

    [Fact]
    public async Task Read_NameWhoseCaseChanged_IsFoundAgain()
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
    public async Task Read_NameStoredTwice_BlocksOnlyThatRecord()
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
    public async Task NonCanonicalValue_IsKeptUnchanged(string type, string value)
    {
        var key = s_home with { Type = Enum.Parse<RecordType>(type) };
        var address = type == "A" ? "198.51.100.4" : "2001:db8::4";
        var stored = Json("home", JsonSerializer.Serialize(new[] { address, value }), type: type);
        await using var server = await HttpStub.StartAsync(context =>
            context.Request.Method == "GET" ? context.Response.WriteAsync(stored) : Accept(context)
        );
        var provider = LiveDnsUnderTest.Provider(server);
        var read = (await ReadAsync(provider, key))[key];
        Assert.Equal((Set(address), value), (read.Values, Assert.Single(read.Unparsed)));
        await provider.WriteAsync(read with { Values = Set() }, read, Cancel);
        Assert.Equal([value], _written.RootElement.GetProperty("rrset_values").Deserialize<string[]>()!);
    }

    [Fact]
    public async Task Write_NoValuesLeft_DeletesTheRRset()
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
    public async Task IncompleteRRset_IsUnreadable(string ttl, string values)
    {
        var rrset = Json("home", values, ttl);
        var list = $"[{rrset},{Json("other")}]";
        await using var server = await HttpStub.StartAsync(context =>
        {
            if (context.Request.Method != "GET")
                return Accept(context);
            var isOne = context.Request.Path.Value!.EndsWith("/home/A", StringComparison.Ordinal);
            return context.Response.WriteAsync(isOne ? rrset : list);
        });
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
    public async Task Type_IsComparedExactly(string type)
    {
        await using var server = await HttpStub.StartAsync(200, $"[{Json("home", type: type)}]");
        Assert.Empty(await ReadAsync(LiveDnsUnderTest.Provider(server), s_home, Key("other")));
    }

    [Theory]
    [InlineData("""{"rrset_type":"A","rrset_ttl":300,"rrset_values":["198.51.100.4"]}""")]
    [InlineData("""{"rrset_name":"home","rrset_ttl":300,"rrset_values":["198.51.100.4"]}""")]
    public async Task Entry_WithoutNameOrType_ListIsUnreadable(string entry)
    {
        await using var server = await HttpStub.StartAsync(200, $"[{entry}]");
        var answer = await LiveDnsUnderTest.Provider(server).ReadAsync(s_zone, [s_home, Key("other")], Cancel);
        Assert.Equal("unreadable", LiveDnsUnderTest.Fault(answer).Type);
    }

    /// <summary>An entry comes twice if a record is added while the client reads the pages.</summary>
    [Fact]
    public async Task DuplicateEntry_CountsOnce()
    {
        await using var server = await HttpStub.StartAsync(200, $"[{Json("home")},{Json("home")}]");
        Assert.Null((await ReadAsync(LiveDnsUnderTest.Provider(server), s_home, Key("other")))[s_home].Unwritable);
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
}
