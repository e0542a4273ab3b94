using System.Collections.Concurrent;
using System.Net.Sockets;
using Esddns.Operator.Dns.Wire;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

/// <summary>One query to one server, which may be old, hostile or silent.</summary>
public sealed class DnsExchangeTests
{
    private static readonly DnsQuestion s_question = new("a.example.com", DnsType.A);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ServerWithoutEdns_IsAskedAgainWithoutIt(int code)
    {
        await using var server = new DnsServer(q =>
            HasEdns(q) ? DnsReply.Header(q, code) : DnsReply.To(q, answers: [DnsReply.A("a.example.com", "192.0.2.1")])
        );
        var answer = await AskAsync(server);
        Assert.Equal("192.0.2.1", answer.RRset("a.example.com", DnsType.A).Addresses!.ToString());
        Assert.Equal([true, false], server.Queries.Select(HasEdns));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(5, 1)]
    public async Task ErrorWithoutQuestion_EndsTheExchange(int code, int questions)
    {
        await using var server = new DnsServer(q => DnsReply.Header(q, code));
        Assert.Equal((DnsCode)code, (await AskAsync(server)).Code);
        Assert.Equal(questions, server.Queries.Count);
    }

    [Fact]
    public async Task UnrelatedMessages_AreDropped()
    {
        await using var server = new DnsServer(
            (query, _) =>
            {
                var answer = DnsReply.To(query, answers: [DnsReply.A("a.example.com", "192.0.2.1")]);
                byte[] With(int at, byte bits) => [.. answer[..at], (byte)(answer[at] ^ bits), .. answer[(at + 1)..]];
                return
                [
                    [1, 2, 3],
                    With(0, 1),
                    With(1, 1), // Another number.
                    With(2, 0x80),
                    With(2, 0x28), // A query, an update.
                    With(13, 3), // Another name.
                    With(28, 1),
                    With(30, 2), // Another type, another class.
                    DnsReply.Header(query, 0), // No error, and no question.
                    answer,
                ];
            }
        );
        Assert.Equal("a.example.com", (await AskAsync(server)).Question!.Name);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task RecursionDesired_IsSetOnlyForResolvers(bool isWanted, int flag)
    {
        await using var server = new DnsServer(q => DnsReply.To(q));
        await DnsExchange.QueryAsync(
            server.EndPoint,
            s_question with
            {
                IsRecursive = isWanted,
            },
            TimeProvider.System,
            Cancel
        );
        Assert.Equal(flag, server.Queries.Single()[2] & 1);
    }

    [Fact]
    public async Task NoAnswer_RetransmitsAfterGrowingWaitsUpToALimit()
    {
        var time = new RecordingTime();
        await using var server = new DnsServer(_ => null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var asking = DnsExchange.QueryAsync(server.EndPoint, s_question, time, limit.Token);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return server.Queries.Count >= 5;
        });
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal([1, 2, 4, 4], time.Waits.Take(4).Select(w => w.TotalSeconds));
        Assert.Single(server.Queries.Select(Convert.ToHexString).Distinct());
    }

    [Fact]
    public async Task TcpAnswer_ToAnotherQuestion_Throws()
    {
        await using var server = new DnsServer(
            (query, overTcp) =>
            {
                var answer = DnsReply.To(query);
                if (overTcp)
                    answer[13] = (byte)'b';
                else
                    answer[2] |= 2;
                return [answer];
            }
        );
        var e = await Assert.ThrowsAsync<IOException>(() => AskAsync(server));
        Assert.Contains("another question", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TcpAnswer_WithAnotherId_Throws()
    {
        await using var server = new DnsServer(
            (query, overTcp) =>
            {
                var answer = DnsReply.To(query);
                if (overTcp)
                    answer[0] ^= 1;
                else
                    answer[2] |= 2;
                return [answer];
            }
        );
        await Assert.ThrowsAsync<IOException>(() => AskAsync(server));
    }

    [Fact]
    public async Task PortWithoutServer_Throws()
    {
        var server = new DnsServer(_ => null);
        await server.DisposeAsync();
        await Assert.ThrowsAnyAsync<SocketException>(() => AskAsync(server));
    }

    private static Task<DnsMessage> AskAsync(DnsServer server) =>
        DnsExchange.QueryAsync(server.EndPoint, s_question, TimeProvider.System, Cancel);

    private static bool HasEdns(byte[] query) => query[11] == 1;

    private sealed class RecordingTime : FakeTimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
