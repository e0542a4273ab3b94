using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Rfc2136;
using Esddns.Operator.Telemetry;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

/// <summary>Dynamic update against a server that signs with the right key and sends wrong answers, or none.</summary>
public sealed class UpdateProviderTests
{
    private const int ServFail = 2;
    private const int NotAuth = 9;
    private const int Soa = 6;
    private static readonly byte[] s_secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly DomainName s_zone = DomainName.Parse("example.com");
    private static readonly RecordKey s_home = new(s_zone, OwnerName.Parse("home"), RecordType.A);
    private static readonly RRset s_wanted = new(s_home, 300, AddressSet.Of(IPAddress.Parse("192.0.2.1")));
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly TsigSigner _signer = new("esddns-key", s_secret);
    private readonly OperatorMetrics _metrics = new ServiceCollection()
        .AddMetrics()
        .AddSingleton<OperatorMetrics>()
        .BuildServiceProvider()
        .GetRequiredService<OperatorMetrics>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoodServer_IsReadAndWritten_AndItsCodesAreCounted()
    {
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == "esddns_provider_requests")
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (_, n, tags, _) =>
            {
                var labels = string.Join(' ', tags.ToArray().Select(t => t.Value));
                counted.AddOrUpdate(labels, n, (_, before) => before + n);
            }
        );
        listener.Start();

        await using var server = Server(q => IsUpdate(q) ? Reply(q) : Good(q));
        Assert.Equal(s_wanted, Assert.Single(await KnownAsync(server)).Value);
        Assert.Equal(new LookupResult<RRset>.Available(s_wanted), await WriteAsync(server));
        Assert.Equal((4, 2, 1), (counted["query NOERROR"], counted["check NOERROR"], counted["update NOERROR"]));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(3)]
    public async Task PrerequisiteThatDoesNotHold_IsAConflict(int code)
    {
        await using var server = Server(q => IsUpdate(q) ? Reply(q, code) : Good(q));
        var fault = await RefusedAsync(server);
        Assert.Equal((FaultKind.Transient, "conflict", false), (fault.Kind, fault.Type, fault.Unconfirmed));
    }

    [Theory]
    [InlineData(1, FaultKind.Definitive, "rejected", false)]
    [InlineData(ServFail, FaultKind.Transient, "server_error", true)]
    [InlineData(4, FaultKind.Definitive, "rejected", false)]
    [InlineData(5, FaultKind.Persistent, "forbidden", false)]
    [InlineData(NotAuth, FaultKind.Persistent, "zone_not_found", false)]
    [InlineData(10, FaultKind.Persistent, "zone_not_found", false)]
    internal async Task RefusedUpdate_SaysWhatHelps(int code, FaultKind kind, string type, bool unconfirmed)
    {
        await using var server = Server(q => IsUpdate(q) ? Reply(q, code) : Good(q));
        var fault = await RefusedAsync(server);
        Assert.Equal((kind, type, unconfirmed), (fault.Kind, fault.Type, fault.Unconfirmed));
        Assert.StartsWith("update home.example.com A: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotAuth_SignedWithoutAnError_IsAboutTheZoneAndNotTheKey()
    {
        await using var server = Server(q => IsUpdate(q) ? Reply(q, NotAuth) : Good(q));
        var message = (await RefusedAsync(server)).Message;
        Assert.Contains("The server is not authoritative for zone example.com", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, "BADSIG")]
    [InlineData(17, "BADKEY")]
    [InlineData(22, "TSIG error 22")]
    public async Task NotAuth_WithAnErrorOfTheSignature_IsAboutTheKey(int error, string expected)
    {
        await using var server = new DnsServer(q =>
            _signer.Sign(q, Reply(q, NotAuth), _time.GetUtcNow(), (ushort)error)
        );
        var fault = await UnreadAsync(server);
        Assert.Equal((FaultKind.Persistent, "unauthorized"), (fault.Kind, fault.Type));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(700, "700 s ahead of this one")]
    [InlineData(-700, "700 s behind this one")]
    public async Task NotAuth_WithTheServersTime_SaysHowFarTheClocksAreApart(int seconds, string expected)
    {
        var now = _time.GetUtcNow();
        await using var server = new DnsServer(q =>
            _signer.Sign(q, Reply(q, NotAuth), now, error: 18, TsigSigner.Time(now.AddSeconds(seconds)))
        );
        Assert.Contains(expected, (await UnreadAsync(server)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public async Task Answer_SignedAtAnotherTime_IsBelievedWithinFiveMinutes(int seconds, bool isBelieved)
    {
        await using var server = new DnsServer(q => _signer.Sign(q, Good(q), _time.GetUtcNow().AddSeconds(seconds)));
        if (isBelieved)
        {
            Assert.Single(await KnownAsync(server));
            return;
        }

        var expected = seconds < 0 ? "301 s ago" : "301 s ahead of this clock";
        Assert.Contains(expected, (await UnreadAsync(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_SignedWithAnotherKey_IsNotBelieved()
    {
        var other = new TsigSigner("esddns-key", [.. s_secret.Reverse()]);
        await using var server = new DnsServer(q => other.Sign(q, Good(q), _time.GetUtcNow()));
        Assert.Contains("not signed with the key", (await UnreadAsync(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_OfAnotherKind_IsNotUnderstood()
    {
        await using var server = Server(q =>
        {
            var reply = Good(q);
            reply[2] ^= 0x28;
            return reply;
        });
        Assert.Equal("unreadable", (await UnreadAsync(server)).Type);
    }

    [Fact]
    public async Task Answer_ThatIsNoMessage_IsNotUnderstood()
    {
        await using var server = new DnsServer(q => [.. q[..2], 1, 2, 3]);
        Assert.Equal("unreadable", (await UnreadAsync(server)).Type);
    }

    [Fact]
    public async Task Zone_ThatTheServerIsNotResponsibleFor_IsAFault()
    {
        await using var lame = Server(q =>
            DnsReply.To(q, aa: false, authority: [DnsReply.Pointing("com", 2, "ns.example.org")])
        );
        Assert.Equal(ProviderFault.ZoneNotFound, (await UnreadAsync(lame)).Type);

        await using var parent = Server(q => DnsReply.To(q, 3, authority: [DnsReply.Soa("com")]));
        Assert.Equal(ProviderFault.ZoneNotFound, (await UnreadAsync(parent)).Type);
    }

    [Fact]
    public async Task Zone_ThatIsNotNamed_IsUnknown()
    {
        await using var server = Server(q => DnsReply.To(q, 3));
        Assert.Equal("unreadable", (await UnreadAsync(server)).Type);
    }

    [Fact]
    public async Task Address_WithoutAuthority_IsNotBelieved()
    {
        await using var server = Server(q =>
            DnsReply.Type(q) == Soa
                ? Good(q)
                : DnsReply.To(q, aa: false, answers: [DnsReply.A("home.example.com", "192.0.2.1")])
        );
        Assert.Equal(ProviderFault.ZoneNotFound, (await UnreadAsync(server)).Type);
    }

    [Fact]
    public async Task Address_OfAnotherOwnerOrClass_IsNotTheRecords()
    {
        byte[][] others =
        [
            DnsReply.A("other.example.com", "192.0.2.1"),
            DnsReply.A("home.example.com", "192.0.2.1", @class: 3),
            DnsReply.A("home.example.com", "2001:db8::1"),
        ];
        await using var server = Server(q =>
            DnsReply.Type(q) == Soa || IsCheck(q) ? Good(q) : DnsReply.To(q, answers: others)
        );
        Assert.Empty(await KnownAsync(server));
    }

    [Fact]
    public async Task Address_ThatIsNone_MakesTheRecordUnknownAndNotAbsent()
    {
        await using var server = Server(q =>
            DnsReply.Type(q) == Soa || IsCheck(q)
                ? Good(q)
                : DnsReply.To(q, answers: [DnsReply.Record("home.example.com", 1, [1, 2, 3])])
        );
        Assert.Equal("unreadable", (await UnreadAsync(server)).Type);
    }

    [Fact]
    public async Task RecordThatIsNeitherStoredNorMissing_HasJustChanged()
    {
        await using var server = Server(q => IsCheck(q) ? Reply(q, 8) : Good(q));
        Assert.Equal("conflict", (await UnreadAsync(server)).Type);
    }

    [Theory]
    [InlineData("query")]
    [InlineData("check")]
    [InlineData("update")]
    public async Task SilentServer_IsWaitedForWithinALimit(string what)
    {
        string Kind(byte[] query) =>
            IsUpdate(query) ? "update"
            : IsCheck(query) ? "check"
            : "query";
        await using var server = new DnsServer(q =>
            Kind(q) == what ? null : _signer.Sign(q, Good(q), _time.GetUtcNow())
        );
        var writing = WriteAsync(server);
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return writing.IsCompleted;
        });
        var fault = Assert.IsType<LookupResult<RRset>.Unavailable>(await writing).Fault;
        Assert.Equal(("timeout", what == "update"), (fault.Type, fault.Unconfirmed));
        Assert.Contains("no answer within 10 s", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The server refuses the name, and does not report its zone to an unsigned query either.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefusedName_WithoutAnExplanation_IsLeftAlone(bool isReadable)
    {
        bool IsSigned(byte[] query) => query[11] > 0;
        await using var server = new DnsServer(q =>
            !IsSigned(q)
                ? (isReadable ? Reply(q, 5) : null)
                : _signer.Sign(q, q.AsSpan().IndexOf("home"u8) < 0 ? Good(q) : Reply(q, 5), _time.GetUtcNow())
        );
        var writing = WriteAsync(server);
        await Eventually.IsTrueAsync(() =>
        {
            if (server.Asked.Any(q => !IsSigned(q)))
                _time.Advance(TimeSpan.FromSeconds(1));
            return writing.IsCompleted;
        });
        var fault = Assert.IsType<LookupResult<RRset>.Unavailable>(await writing).Fault;
        Assert.Contains("does not answer for home.example.com", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Asked, IsUpdate);
    }

    [Fact]
    public async Task ServerThatCannotBeReached_WasSentNothing()
    {
        var server = new DnsServer(_ => null);
        await server.DisposeAsync();
        var fault = await RefusedAsync(server);
        Assert.Equal((FaultKind.Transient, "network", false), (fault.Kind, fault.Type, fault.Unconfirmed));
        Assert.StartsWith($"connect to {server.EndPoint}: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_IsSentOnce_WithTheAliasAsPrerequisite()
    {
        await using var server = Server(q => IsUpdate(q) ? Reply(q, ServFail) : Good(q));
        await RefusedAsync(server);
        var update = Assert.Single(server.Asked, IsUpdate);
        // Zone 1, prerequisites 2: no A, no CNAME; updates 2: delete, add.
        Assert.Equal([0, 1, 0, 2, 0, 2], update[4..10]);
        Assert.True(update.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 5, 0, 254]) > 0, "no prerequisite for the alias");
    }

    private static bool IsCheck(byte[] query) => query[2] >> 3 == 5 && query[9] == 0;

    private static bool IsUpdate(byte[] query) => query[2] >> 3 == 5 && query[9] > 0;

    private static byte[] Reply(byte[] query, int code = 0) => DnsReply.To(query, code);

    private static byte[] Good(byte[] query) =>
        IsCheck(query) || IsUpdate(query) ? Reply(query)
        : DnsReply.Type(query) == Soa ? DnsReply.To(query, authority: [DnsReply.Soa("example.com")])
        : DnsReply.To(query, answers: [DnsReply.A("home.example.com", "192.0.2.1")]);

    /// <summary>A server that signs its answers.</summary>
    private DnsServer Server(Func<byte[], byte[]> answer) => new(q => _signer.Sign(q, answer(q), _time.GetUtcNow()));

    private UpdateProvider Provider(DnsServer server) =>
        new(
            new UpdateOptions
            {
                Server = new Uri($"dns://{server.EndPoint}"),
                Zones = [s_zone],
                KeyName = DomainName.Parse("esddns-key"),
                Key = new TsigSecret(TsigAlgorithm.HmacSha256, s_secret),
            },
            new AlwaysLeader(),
            _metrics,
            _time
        );

    private async Task<IReadOnlyDictionary<RecordKey, RRset>> KnownAsync(DnsServer server)
    {
        var answer = await Provider(server).ReadAsync(s_zone, [s_home], Cancel);
        Assert.True(answer is LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available, answer.ToString());
        return ((LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available)answer).Value;
    }

    private async Task<ProviderFault> UnreadAsync(DnsServer server)
    {
        var fault = Assert
            .IsType<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable>(
                await Provider(server).ReadAsync(s_zone, [s_home], Cancel)
            )
            .Fault;
        Assert.False(fault.Unconfirmed);
        return fault;
    }

    private Task<LookupResult<RRset>> WriteAsync(DnsServer server) =>
        Provider(server).WriteAsync(s_wanted, null, Cancel);

    private async Task<ProviderFault> RefusedAsync(DnsServer server) =>
        Assert.IsType<LookupResult<RRset>.Unavailable>(await WriteAsync(server)).Fault;
}
