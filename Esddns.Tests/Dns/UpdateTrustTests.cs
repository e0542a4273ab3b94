using Esddns.Operator.Dns;
using Esddns.Tests.Support;

namespace Esddns.Tests.Dns;

/// <summary>Dynamic update: answers that are not authentic, not authoritative or not for the record.</summary>
public sealed class UpdateTrustTests : UpdateProviderScenario
{
    [Fact]
    public async Task NotAuth_WithoutTsigError_IsAboutTheZone()
    {
        await using var server = Server(q => IsUpdate(q) ? Reply(q, NotAuth) : Good(q));
        var message = (await WriteFaultAsync(server)).Message;
        Assert.Contains("The server is not authoritative for zone example.com", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, "BADSIG")]
    [InlineData(17, "BADKEY")]
    [InlineData(22, "TSIG error 22")]
    public async Task NotAuth_WithTsigError_IsAboutTheKey(int error, string expected)
    {
        await using var server = new DnsServer(q =>
            _signer.Sign(q, Reply(q, NotAuth), _time.GetUtcNow(), (ushort)error)
        );
        var fault = await ReadFaultAsync(server);
        Assert.Equal((FaultKind.Persistent, "unauthorized"), (fault.Kind, fault.Type));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(700, "700 s ahead of this one")]
    [InlineData(-700, "700 s behind this one")]
    public async Task NotAuth_WithServerTime_ReportsTheClockDifference(int seconds, string expected)
    {
        var now = _time.GetUtcNow();
        await using var server = new DnsServer(q =>
            _signer.Sign(q, Reply(q, NotAuth), now, error: 18, TsigSigner.Time(now.AddSeconds(seconds)))
        );
        Assert.Contains(expected, (await ReadFaultAsync(server)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public async Task Answer_SignedAtAnotherTime_IsAcceptedWithinFiveMinutes(int seconds, bool isBelieved)
    {
        await using var server = new DnsServer(q => _signer.Sign(q, Good(q), _time.GetUtcNow().AddSeconds(seconds)));
        if (isBelieved)
        {
            Assert.Single(await ReadAsync(server));
            return;
        }

        var expected = seconds < 0 ? "301 s ago" : "301 s ahead of this clock";
        Assert.Contains(expected, (await ReadFaultAsync(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_SignedWithAnotherKey_IsRejected()
    {
        var other = new TsigSigner("esddns-key", [.. s_secret.Reverse()]);
        await using var server = new DnsServer(q => other.Sign(q, Good(q), _time.GetUtcNow()));
        Assert.Contains("not signed with the key", (await ReadFaultAsync(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_WithWrongFlags_IsUnreadable()
    {
        await using var server = Server(q =>
        {
            var reply = Good(q);
            reply[2] ^= 0x28;
            return reply;
        });
        Assert.Equal("unreadable", (await ReadFaultAsync(server)).Type);
    }

    [Fact]
    public async Task Answer_ThatIsNotAMessage_IsUnreadable()
    {
        await using var server = new DnsServer(q => [.. q[..2], 1, 2, 3]);
        Assert.Equal("unreadable", (await ReadFaultAsync(server)).Type);
    }

    [Fact]
    public async Task Zone_NotServedByTheServer_IsAFault()
    {
        await using var lame = Server(q =>
            DnsReply.To(q, aa: false, authority: [DnsReply.Pointing("com", 2, "ns.example.org")])
        );
        Assert.Equal(ProviderFault.ZoneNotFound, (await ReadFaultAsync(lame)).Type);

        await using var parent = Server(q => DnsReply.To(q, 3, authority: [DnsReply.Soa("com")]));
        Assert.Equal(ProviderFault.ZoneNotFound, (await ReadFaultAsync(parent)).Type);
    }

    [Fact]
    public async Task Zone_NotNamed_IsUnreadable()
    {
        await using var server = Server(q => DnsReply.To(q, 3));
        Assert.Equal("unreadable", (await ReadFaultAsync(server)).Type);
    }

    [Fact]
    public async Task Address_WithoutAuthority_IsRejected()
    {
        await using var server = Server(q =>
            DnsReply.Type(q) == Soa
                ? Good(q)
                : DnsReply.To(q, aa: false, answers: [DnsReply.A("home.example.com", "192.0.2.1")])
        );
        Assert.Equal(ProviderFault.ZoneNotFound, (await ReadFaultAsync(server)).Type);
    }

    [Fact]
    public async Task Address_OfAnotherOwnerOrClass_IsIgnored()
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
        Assert.Empty(await ReadAsync(server));
    }

    [Fact]
    public async Task InvalidAddress_RecordIsUnreadableNotAbsent()
    {
        await using var server = Server(q =>
            DnsReply.Type(q) == Soa || IsCheck(q)
                ? Good(q)
                : DnsReply.To(q, answers: [DnsReply.Record("home.example.com", 1, [1, 2, 3])])
        );
        Assert.Equal("unreadable", (await ReadFaultAsync(server)).Type);
    }
}
