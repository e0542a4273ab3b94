using System.Collections.Concurrent;
using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

/// <summary>The answers of a zone's name servers and their interpretation.</summary>
public sealed class AuthoritativeReaderTests
{
    private const int Ns = 2;
    private const int Cname = 5;
    private const int Dname = 39;
    private static readonly RecordKey s_home = new(
        DomainName.Parse("example.com"),
        OwnerName.Parse("home"),
        RecordType.A
    );
    private readonly ConcurrentDictionary<string, string> _silent = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_HasAddressesAndTtl()
    {
        var answer = await AskAsync(q =>
            DnsReply.To(q, answers: [DnsReply.A("home.example.com", "192.0.2.1", ttl: 86_400)])
        );
        Assert.Equal((ServerAnswerKind.Records, Set("192.0.2.1"), 86_400), (answer.Kind, answer.Values, answer.Ttl));
        Assert.EndsWith("answers 192.0.2.1 with a TTL of 86400 s", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_IsNotRecursive()
    {
        await using var server = new DnsServer(q =>
            DnsReply.To(q, answers: [DnsReply.A("home.example.com", "192.0.2.1")])
        );
        await Reader(server.EndPoint.ToString()).ReadAsync(s_home, Set("192.0.2.1"), _silent, Cancel);
        Assert.Equal(0, server.Queries.Single()[2] & 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task NoAddress_IsAnEmptyAnswer(int code)
    {
        var answer = await AskAsync(q => DnsReply.To(q, code, authority: [DnsReply.Soa("example.com")]));
        Assert.Equal((ServerAnswerKind.Records, AddressSet.Empty), (answer.Kind, answer.Values));
    }

    [Theory]
    [InlineData(0, true, ServerAnswerKind.Records)]
    [InlineData(0, false, ServerAnswerKind.NotResponsible)]
    [InlineData(3, false, ServerAnswerKind.NotResponsible)]
    [InlineData(5, false, ServerAnswerKind.NotResponsible)]
    [InlineData(9, true, ServerAnswerKind.NotResponsible)]
    [InlineData(2, true, ServerAnswerKind.Unknown)]
    [InlineData(1, true, ServerAnswerKind.Unknown)]
    internal async Task Answer_CountsOnlyFromAResponsibleServer(int code, bool aa, ServerAnswerKind kind)
    {
        var answer = await AskAsync(q => DnsReply.To(q, code, aa, [DnsReply.A("home.example.com", "192.0.2.1")]));
        Assert.Equal(kind, answer.Kind);
        Assert.Equal(kind == ServerAnswerKind.Records ? Set("192.0.2.1") : null, answer.Values);
    }

    [Theory]
    [InlineData("home.example.com", ServerAnswerKind.OtherZone)]
    [InlineData("example.com", ServerAnswerKind.NotResponsible)]
    [InlineData("com", ServerAnswerKind.NotResponsible)]
    internal async Task Referral_BelowTheZone_IsADelegation(string owner, ServerAnswerKind kind)
    {
        var answer = await AskAsync(q =>
            DnsReply.To(q, aa: false, authority: [DnsReply.Pointing(owner, Ns, "ns.example.org")])
        );
        Assert.Equal(kind, answer.Kind);
        if (kind == ServerAnswerKind.OtherZone)
            Assert.Equal("refers to ns.example.org: home.example.com is a delegated zone", answer.Reason);
    }

    [Theory]
    [InlineData("home.example.com", ServerAnswerKind.OtherZone)]
    [InlineData("example.com", ServerAnswerKind.Records)]
    [InlineData("com", ServerAnswerKind.NotResponsible)]
    internal async Task NoAddress_OfAnotherZone_IsNotAnAnswer(string soa, ServerAnswerKind kind) =>
        Assert.Equal(kind, (await AskAsync(q => DnsReply.To(q, 3, authority: [DnsReply.Soa(soa)]))).Kind);

    [Fact]
    public async Task Alias_IsNotFollowed()
    {
        byte[][] answers =
        [
            DnsReply.Pointing("home.example.com", Cname, "a.example.org"),
            DnsReply.A("a.example.org", "192.0.2.1"),
        ];
        var answer = await AskAsync(q =>
            IsHome(q) ? DnsReply.To(q, answers: answers) : DnsReply.To(q, 3, authority: [DnsReply.Soa("example.com")])
        );
        Assert.Equal((ServerAnswerKind.Alias, null), (answer.Kind, answer.Values));
        Assert.Equal("reports that home.example.com is a CNAME of a.example.org", answer.Reason);
    }

    [Fact]
    public async Task Dname_IsReported()
    {
        byte[][] answers =
        [
            DnsReply.Pointing("example.com", Dname, "example.org"),
            DnsReply.Pointing("home.example.com", Cname, "home.example.org"),
        ];
        var answer = await AskAsync(q => DnsReply.To(q, answers: answers));
        Assert.Equal("reports that example.com is a DNAME of example.org", answer.Reason);
    }

    [Fact]
    public async Task AddressOfAnotherOwner_IsIgnored()
    {
        byte[][] others =
        [
            DnsReply.A("www.example.com", "192.0.2.1"),
            DnsReply.A("home.example.com", "192.0.2.1", @class: 3),
        ];
        var answer = await AskAsync(q => DnsReply.To(q, answers: others));
        Assert.Equal(AddressSet.Empty, answer.Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WildcardAnswer_IsNotARecord(bool isAlias)
    {
        byte[] Wildcard(byte[] query) =>
            isAlias
                ? DnsReply.Pointing(DnsReply.Name(query), Cname, "a.example.org")
                : DnsReply.A(DnsReply.Name(query), "192.0.2.8");
        var answer = await AskAsync(q => DnsReply.To(q, answers: [Wildcard(q)]), expected: "");
        Assert.Equal((ServerAnswerKind.Records, AddressSet.Empty, null), (answer.Kind, answer.Values, answer.Ttl));
    }

    [Theory]
    [InlineData("192.0.2.9", 300)]
    [InlineData("192.0.2.8", 60)]
    public async Task RecordThatDiffersFromTheWildcard_IsARecord(string stored, uint ttl)
    {
        var answer = await AskAsync(
            q =>
                IsHome(q)
                    ? DnsReply.To(q, answers: [DnsReply.A("home.example.com", stored, ttl)])
                    : DnsReply.To(q, answers: [DnsReply.A(DnsReply.Name(q), "192.0.2.8")]),
            expected: ""
        );
        Assert.Equal(Set(stored), answer.Values);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("@")]
    public async Task WildcardAndApex_AreRecords(string name)
    {
        var key = s_home with { Name = OwnerName.Parse(name) };
        var answer = await AskAsync(
            q => DnsReply.To(q, answers: [DnsReply.A(DnsReply.Name(q), "192.0.2.8")]),
            expected: "",
            key
        );
        Assert.Equal(Set("192.0.2.8"), answer.Values);
    }

    [Fact]
    public async Task WildcardProbe_WithoutAuthority_IsIgnored()
    {
        var answer = await AskAsync(
            q => DnsReply.To(q, aa: IsHome(q), answers: [DnsReply.A(DnsReply.Name(q), "192.0.2.8")]),
            expected: ""
        );
        Assert.Equal(Set("192.0.2.8"), answer.Values);
    }

    [Fact]
    public async Task UnresponsiveServer_IsAskedOncePerCheck()
    {
        var time = new FakeTimeProvider();
        await using var server = new DnsServer(_ => null);
        var reader = Reader(server.EndPoint.ToString(), time);
        var asking = reader.ReadAsync(s_home, Set("192.0.2.1"), _silent, Cancel);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return asking.IsCompleted;
        });
        var first = Assert.Single(await asking);
        Assert.Equal((ServerAnswerKind.Unknown, "did not answer within 5 s"), (first.Kind, first.Reason));
        var asked = server.Queries.Count;
        var other = s_home with { Name = OwnerName.Parse("other") };
        Assert.Equal(first, Assert.Single(await reader.ReadAsync(other, Set("192.0.2.1"), _silent, Cancel)));
        Assert.Equal(asked, server.Queries.Count);
    }

    [Fact]
    public async Task UnreachableOrUnresolvableServer_IsUnknown()
    {
        var server = new DnsServer(_ => null);
        await server.DisposeAsync();
        var unreachable = Assert.Single(
            await Reader(server.EndPoint.ToString()).ReadAsync(s_home, Set("192.0.2.1"), _silent, Cancel)
        );
        Assert.Equal((ServerAnswerKind.Unknown, null), (unreachable.Kind, unreachable.Values));
        Assert.Contains("cannot be reached", unreachable.Reason, StringComparison.Ordinal);

        var unfound = Assert.Single(
            await Reader("no-such-host.invalid").ReadAsync(s_home, Set("192.0.2.1"), _silent, Cancel)
        );
        Assert.Contains("cannot be found", unfound.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task ServerWithTwoAddresses_IsReachedAtTheReachableOne(string alive)
    {
        var address = IPAddress.Parse(alive);
        if (
            address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            && !(await System.Net.Dns.GetHostAddressesAsync("localhost", Cancel)).Contains(address)
        )
            Assert.Skip("localhost has no ::1 on this machine");
        await using var server = new DnsServer(
            q => DnsReply.To(q, answers: [DnsReply.A("home.example.com", "192.0.2.1")]),
            address
        );
        var answer = Assert.Single(
            await Reader($"localhost:{server.EndPoint.Port}").ReadAsync(s_home, Set("192.0.2.1"), _silent, Cancel)
        );
        Assert.Equal(($"localhost:{server.EndPoint.Port}", Set("192.0.2.1")), (answer.Server, answer.Values));
    }

    private static AuthoritativeReader Reader(string server, TimeProvider? time = null) =>
        Reader(new AuthoritativeOptions { NameServers = [new Uri($"dns://{server}")] }, time ?? TimeProvider.System);

    private static AuthoritativeReader Reader(AuthoritativeOptions options, TimeProvider time) =>
        new(new NameServerFinder(options, time), time);

    private static bool IsHome(byte[] query) => DnsReply.Name(query) == "home.example.com";

    private async Task<ServerAnswer> AskAsync(
        Func<byte[], byte[]?> answers,
        string expected = "192.0.2.1",
        RecordKey? key = null
    )
    {
        await using var server = new DnsServer(answers);
        return Assert.Single(
            await Reader(server.EndPoint.ToString()).ReadAsync(key ?? s_home, Set(expected), _silent, Cancel)
        );
    }

    private static AddressSet Set(string addresses) =>
        new(addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse));
}
