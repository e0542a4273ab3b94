using System.Buffers.Binary;
using System.Net.Sockets;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Rfc2136;
using Esddns.Tests.Support;

namespace Esddns.Tests.Conformance;

/// <summary>Authentication of answers: the key, the clocks, and an attacker between operator and server.</summary>
public abstract partial class UpdateConformanceTests
{
    private const string Other = "b3RoZXIgc2VjcmV0IG9mIDMyIGJ5dGVzLCBhdCBsZWFzdCE=";

    [Fact]
    public async Task WrongSecret_HasADistinctError()
    {
        var fault = await ReadFaultAsync(WithoutRights);
        Assert.Equal((FaultKind.Persistent, "unauthorized"), (fault.Kind, fault.Type));
        Assert.Contains(
            "BADSIG. The server has another secret for the key esddns-key",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task UnknownKey_HasADistinctError()
    {
        var fault = await ReadFaultAsync(With(Options with { KeyName = DomainName.Parse("nobody") }));
        Assert.Equal((FaultKind.Persistent, "unauthorized"), (fault.Kind, fault.Type));
        Assert.Contains("BADKEY. The server does not have the key nobody", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "behind")]
    [InlineData(-1, "ahead of")]
    public async Task ClockDifference_HasADistinctError(int hours, string where)
    {
        var fault = await ReadFaultAsync(With(Options, new LaterTime { Ahead = TimeSpan.FromHours(hours) }));
        Assert.Equal((FaultKind.Persistent, "unauthorized"), (fault.Kind, fault.Type));
        Assert.Matches($"BADTIME. The server's clock is (359|360)[0-9] s {where} this one", fault.Message);
    }

    [Fact]
    public async Task KeyFile_Changed_IsReadAgain()
    {
        var file = Path.Combine(Folder, "key");
        var provider = With(Options with { KeyFile = file, Key = Key([1]) });
        Assert.Contains("cannot be read", (await ReadFaultAsync(provider)).Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, Other, Cancel);
        Assert.Contains("BADSIG", (await ReadFaultAsync(provider)).Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, $" {Secret}\n", Cancel);
        Assert.IsType<LookupResult<RRset>.Available>(
            await provider.WriteAsync(new RRset(Key("home"), 300, Set("198.51.100.4")), null, Cancel)
        );
    }

    [Theory]
    [InlineData("this is no secret: p4ssw0rd", "does not contain a Base64 secret")]
    [InlineData("", "is empty")]
    public async Task KeyFile_WithoutSecret_IsReportedWithoutItsContent(string text, string problem)
    {
        var file = Path.Combine(Folder, "key");
        await File.WriteAllTextAsync(file, text, Cancel);
        var fault = await ReadFaultAsync(With(Options with { KeyFile = file }));
        Assert.Equal((FaultKind.Persistent, "unauthorized"), (fault.Kind, fault.Type));
        Assert.Contains($"{file} {problem}", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p4ssw0rd", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnsignedConfirmation_IsNotAccepted()
    {
        await using var attacker = Attacker((request, reply) => IsUpdate(request) ? WithoutSignature(reply) : reply);
        var fault = await RefusedAsync(With(Via(attacker)), new RRset(Key("home"), 300, Set("198.51.100.4")), null);
        Assert.Equal(("unreadable", true), (fault.Type, fault.Unconfirmed));
        Assert.Contains("not signed with the key esddns-key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusalChangedToConfirmation_IsNotAccepted()
    {
        await using var attacker = Attacker(
            (request, reply) =>
            {
                if (IsUpdate(request))
                    reply[3] &= 0xF0;
                return reply;
            }
        );
        var fault = await RefusedAsync(With(Via(attacker)), new RRset(Key("ns1"), 300, Set("198.51.100.4")), null);
        Assert.Equal(("unreadable", true), (fault.Type, fault.Unconfirmed));
    }

    [Fact]
    public async Task OldConfirmation_IsNotAccepted()
    {
        var time = new LaterTime();
        await using var attacker = Attacker(
            (request, reply) =>
            {
                if (IsUpdate(request))
                    time.Ahead = TimeSpan.FromMinutes(10);
                return reply;
            }
        );
        var fault = await RefusedAsync(
            With(Via(attacker), time),
            new RRset(Key("home"), 300, Set("198.51.100.4")),
            null
        );
        Assert.Equal(("unreadable", true), (fault.Type, fault.Unconfirmed));
        Assert.Contains("s ago", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfirmationOfAnEarlierUpdate_IsNotAccepted()
    {
        byte[]? earlier = null;
        await using var attacker = Attacker((request, reply) => IsUpdate(request) ? earlier ??= reply : reply);
        var provider = With(Via(attacker));
        var first = new RRset(Key("home"), 300, Set("198.51.100.4"));
        Assert.IsType<LookupResult<RRset>.Available>(await provider.WriteAsync(first, null, Cancel));
        var fault = await RefusedAsync(provider, first with { Values = Set("198.51.100.5") }, first);
        Assert.Equal(("network", true), (fault.Type, fault.Unconfirmed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task UnsignedAnswer_IsRejected(int which)
    {
        var seen = 0;
        await using var attacker = Attacker((_, reply) => seen++ == which ? WithoutSignature(reply) : reply);
        var fault = await ReadFaultAsync(With(Via(attacker)), Key("ns1"));
        Assert.Equal(("unreadable", false), (fault.Type, fault.Unconfirmed));
        Assert.Equal(which + 1, seen);
    }

    [Fact]
    public async Task ModifiedAnswer_IsRejected()
    {
        await using var attacker = Attacker(
            (request, reply) =>
            {
                if (DnsReply.Type(request) == 1)
                    reply[reply.AsSpan().IndexOf((ReadOnlySpan<byte>)[127, 0, 0, 1]) + 3] = 2;
                return reply;
            }
        );
        Assert.Equal("unreadable", (await ReadFaultAsync(With(Via(attacker)), Key("ns1"))).Type);
    }

    [Fact]
    public async Task Write_LeadershipLost_SendsNothing()
    {
        var before = await SerialAsync();
        var fault = await RefusedAsync(
            With(Options, leadership: new NotLeader()),
            new RRset(Key("home"), 300, Set("198.51.100.4")),
            null
        );
        Assert.Equal(("not_leader", false), (fault.Type, fault.Unconfirmed));
        Assert.Equal(before, await SerialAsync());
    }

    private static async Task<ProviderFault> ReadFaultAsync(IDnsProvider provider, params RecordKey[] keys) =>
        Assert
            .IsType<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable>(
                await provider.ReadAsync(Zone, keys.Length > 0 ? keys : [Key("home")], Cancel)
            )
            .Fault;

    private static bool IsUpdate(byte[] request) =>
        (request[2] >> 3) == 5 && BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(8)) > 0;

    private static byte[] WithoutSignature(byte[] reply)
    {
        Assert.True(TsigRecord.TryFind(reply, out var start, out _));
        reply[11]--;
        return reply[..start];
    }

    private UpdateOptions Via(DnsServer server) => Options with { Server = new Uri($"dns://{server.EndPoint}") };

    /// <summary>An attacker on the path that forwards each request and modifies the answer.</summary>
    private DnsServer Attacker(Func<byte[], byte[], byte[]> change) =>
        new(request => change(request, Forward(request)));

    private byte[] Forward(byte[] request)
    {
        using var client = new TcpClient("127.0.0.1", _server!.Port);
        var stream = client.GetStream();
        stream.Write([(byte)(request.Length >> 8), (byte)request.Length, .. request]);
        var length = new byte[2];
        stream.ReadExactly(length);
        var reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        stream.ReadExactly(reply);
        return reply;
    }

    private sealed class NotLeader : ILeadership
    {
        public bool IsLeader => false;

        public CancellationToken LeadershipLost => new(canceled: true);
    }
}
