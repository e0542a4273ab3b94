using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Rfc2136;
using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Telemetry;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Conformance;

/// <summary>
/// Dynamic update against a real name server. Its zone has aliases, delegations and wildcards, for which answers differ
/// from the stored records.
/// </summary>
public abstract partial class UpdateConformanceTests(string algorithm) : ProviderConformance, IAsyncLifetime
{
    private const string ZoneFile = """
        $ORIGIN example.com.
        $TTL 300
        @ IN SOA ns1 hostmaster 1 3600 600 86400 300
        @ IN NS ns1
        ns1 IN A 127.0.0.1
        * IN A 192.0.2.8
        out IN CNAME www.example.org.
        inside IN CNAME ns1
        *.aliases IN CNAME ns1
        text IN TXT "no address"
        elsewhere IN NS ns.example.org.
        tree IN DNAME example.org.

        """;

    private const string SubZoneFile = """
        $ORIGIN lab.example.com.
        $TTL 300
        @ IN SOA ns1.example.com. hostmaster 1 3600 600 86400 300
        @ IN NS ns1.example.com.
        here IN A 198.51.100.4
        alias IN CNAME here

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("esddns-");
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private RealServer? _server;

    private protected override IDnsProvider Provider => With(Options);

    private protected override IDnsProvider WithoutRights =>
        With(Options with { Key = Key(RandomNumberGenerator.GetBytes(32)) });

    private protected string Folder => _folder.FullName;

    private protected string Secret => Convert.ToBase64String(_secret);

    private protected string Algorithm => algorithm;

    private UpdateOptions Options =>
        new()
        {
            Server = new Uri($"dns://127.0.0.1:{_server!.Port}"),
            Zones = [Zone],
            KeyName = DomainName.Parse("Esddns-Key"),
            Key = Key(_secret),
        };

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "example.com.zone"), ZoneFile);
        await File.WriteAllTextAsync(Path.Combine(Folder, "lab.example.com.zone"), SubZoneFile);
        _server = await RealServer.StartAsync(Start, IsUpAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Write_RecordChangedMeanwhile_IsRefused()
    {
        var key = Key("raced");
        await WriteAsync(new RRset(key, 300, Set("198.51.100.4")), null);
        foreach (var stale in new[] { null, new RRset(key, 300, Set("198.51.100.99")) })
        {
            var fault = await RefusedAsync(Provider, new RRset(key, 300, Set("198.51.100.5")), stale);
            Assert.Equal("conflict", fault.Type);
        }

        Assert.Equal(Set("198.51.100.4"), (await ReadAsync(key))[key].Values);
    }

    [Fact]
    public async Task RemovedRecord_BelowAWildcard_IsAbsent()
    {
        var rrset = new RRset(Key("gone"), 300, Set("198.51.100.4"));
        await WriteAsync(rrset, null);
        await WriteAsync(rrset with { Values = AddressSet.Empty }, rrset);
        Assert.Empty(await ReadAsync(rrset.Key));
        Assert.Equal(Set("192.0.2.8"), (await ReadAsync(Key("*")))[Key("*")].Values);
    }

    [Theory]
    [InlineData("home")]
    [InlineData("a.b.home")]
    [InlineData("text")]
    [InlineData("made.aliases")]
    [InlineData("*.home")]
    public async Task NameBelowAWildcard_IsAbsentUntilCreated_AndWildcardStays(string name)
    {
        Assert.Empty(await ReadAsync(Key(name)));
        await WriteAsync(new RRset(Key(name), 60, Set("198.51.100.4")), null);
        var read = await ReadAsync(Key(name), Key("*"));
        Assert.Equal((60, Set("198.51.100.4")), (read[Key(name)].Ttl, read[Key(name)].Values));
        Assert.Equal(Set("192.0.2.8"), read[Key("*")].Values);
    }

    [Fact]
    public async Task NameWithWildcardValues_IsAbsentUntilCreated()
    {
        Assert.Empty(await ReadAsync(Key("same")));
        await WriteAsync(new RRset(Key("same"), 300, Set("192.0.2.8")), null);
        Assert.Equal(Set("192.0.2.8"), (await ReadAsync(Key("same")))[Key("same")].Values);
    }

    [Fact]
    public async Task Read_ChangesNothing()
    {
        var before = await SerialAsync();
        await ReadAsync(Key("home"), Key("ns1"), Key("out"), Key("made.aliases"), Key("pi.lab"), Key("x.elsewhere"));
        Assert.Equal(before, await SerialAsync());
    }

    [Theory]
    [InlineData("out", "out.example.com is a CNAME of www.example.org")]
    [InlineData("inside", "inside.example.com is a CNAME of ns1.example.com")]
    [InlineData("pi.lab", "pi.lab.example.com belongs to the zone lab.example.com")]
    [InlineData("here.lab", "here.lab.example.com belongs to the zone lab.example.com")]
    [InlineData("alias.lab", "alias.lab.example.com belongs to the zone lab.example.com")]
    [InlineData("lab", "lab.example.com belongs to the zone lab.example.com")]
    [InlineData(
        "x.y.elsewhere",
        "x.y.elsewhere.example.com is delegated: elsewhere.example.com has the name server ns.example.org"
    )]
    [InlineData("elsewhere", "elsewhere.example.com is delegated")]
    [InlineData("x.tree", "x.tree.example.com is below tree.example.com, a DNAME of example.org")]
    public async Task UnservedName_IsRefusedWithReason_OthersAreRead(string name, string reason)
    {
        var before = await SerialAsync();
        var fault = await RefusedAsync(Provider, new RRset(Key(name), 300, Set("198.51.100.4")), null);
        Assert.Equal((FaultKind.Definitive, false), (fault.Kind, fault.Unconfirmed));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, await SerialAsync());

        Assert.Equal([Key("ns1")], (await ReadAsync(Key(name), Key("ns1"))).Keys);
    }

    [Fact]
    public async Task AliasCreatedBeforeTheUpdate_FailsTheUpdate()
    {
        var metrics = Metrics();
        var (session, _) = await UpdateSession.OpenAsync(Options.Key, Options, metrics, TimeProvider.System, Cancel);
        using var open = session!;
        var message = UpdateMessage.Replace(null, new RRset(Key("out"), 300, Set("198.51.100.4")));
        var (answer, _) = await open.ExchangeAsync("update", Key("out"), message, Cancel);
        Assert.Equal(DnsCode.YxRRset, answer!.Code);
    }

    [Fact]
    public async Task ZoneMissingAtServer_IsNamed()
    {
        var key = new RecordKey(DomainName.Parse("example.org"), OwnerName.Parse("home"), RecordType.A);
        var fault = await RefusedAsync(Provider, new RRset(key, 300, Set("198.51.100.4")), null);
        Assert.Equal((FaultKind.Persistent, ProviderFault.ZoneNotFound), (fault.Kind, fault.Type));
        Assert.Contains("not authoritative for zone example.org", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubdomainOfTheServersZone_IsNotAZone()
    {
        var key = new RecordKey(DomainName.Parse("sub.example.com"), OwnerName.Parse("home"), RecordType.A);
        var fault = await RefusedAsync(Provider, new RRset(key, 300, Set("198.51.100.4")), null);
        Assert.Contains("not authoritative for zone sub.example.com", fault.Message, StringComparison.Ordinal);
    }

    private protected abstract Process Start(int port);

    private static async Task<bool> IsUpAsync(int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            var answer = await DnsExchange.QueryAsync(
                new(IPAddress.Loopback, port),
                new DnsQuestion("example.com", DnsType.SOA),
                TimeProvider.System,
                limit.Token
            );
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            return answer.IsAuthoritative && answer.Answers.Length == 1;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<string> SerialAsync()
    {
        var server = new IPEndPoint(IPAddress.Loopback, _server!.Port);
        var answer = await DnsExchange.QueryAsync(
            server,
            new DnsQuestion("example.com", DnsType.SOA),
            TimeProvider.System,
            Cancel
        );
        return Convert.ToHexString(answer.Answers[0].Data.Span);
    }

    private protected static async Task<ProviderFault> RefusedAsync(
        IDnsProvider provider,
        RRset rrset,
        RRset? observed
    ) => Assert.IsType<LookupResult<RRset>.Unavailable>(await provider.WriteAsync(rrset, observed, Cancel)).Fault;

    private TsigSecret Key(byte[] secret) =>
        new(algorithm == "hmac-sha256" ? TsigAlgorithm.HmacSha256 : TsigAlgorithm.HmacSha512, secret);

    private static UpdateProvider With(
        UpdateOptions options,
        TimeProvider? time = null,
        ILeadership? leadership = null
    ) => new(options, leadership ?? new AlwaysLeader(), Metrics(), time ?? TimeProvider.System);

    private static OperatorMetrics Metrics() =>
        new ServiceCollection()
            .AddMetrics()
            .AddSingleton<OperatorMetrics>()
            .BuildServiceProvider()
            .GetRequiredService<OperatorMetrics>();
}
