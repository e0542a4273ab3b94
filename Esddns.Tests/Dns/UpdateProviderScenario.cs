using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Rfc2136;
using Esddns.Operator.Telemetry;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

/// <summary>The update provider against a server that signs with the right key. The test defines the answers.</summary>
public abstract class UpdateProviderScenario
{
    private protected const int ServFail = 2;
    private protected const int NotAuth = 9;
    private protected const int Soa = 6;
    private protected static readonly byte[] s_secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private protected static readonly DomainName s_zone = DomainName.Parse("example.com");
    private protected static readonly RecordKey s_home = new(s_zone, OwnerName.Parse("home"), RecordType.A);
    private protected static readonly RRset s_wanted = new(s_home, 300, AddressSet.Of(IPAddress.Parse("192.0.2.1")));
    private protected readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private protected readonly TsigSigner _signer = new("esddns-key", s_secret);
    private protected readonly OperatorMetrics _metrics = new ServiceCollection()
        .AddMetrics()
        .AddSingleton<OperatorMetrics>()
        .BuildServiceProvider()
        .GetRequiredService<OperatorMetrics>();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected static bool IsCheck(byte[] query) => query[2] >> 3 == 5 && query[9] == 0;

    private protected static bool IsUpdate(byte[] query) => query[2] >> 3 == 5 && query[9] > 0;

    private protected static byte[] Reply(byte[] query, int code = 0) => DnsReply.To(query, code);

    private protected static byte[] Good(byte[] query)
    {
        if (IsCheck(query) || IsUpdate(query))
            return Reply(query);
        return DnsReply.Type(query) == Soa
            ? DnsReply.To(query, authority: [DnsReply.Soa("example.com")])
            : DnsReply.To(query, answers: [DnsReply.A("home.example.com", "192.0.2.1")]);
    }

    /// <summary>A server that signs its answers.</summary>
    private protected DnsServer Server(Func<byte[], byte[]> answer) =>
        new(q => _signer.Sign(q, answer(q), _time.GetUtcNow()));

    private protected UpdateProvider Provider(DnsServer server) =>
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

    private protected async Task<IReadOnlyDictionary<RecordKey, RRset>> ReadAsync(DnsServer server)
    {
        var answer = await Provider(server).ReadAsync(s_zone, [s_home], Cancel);
        Assert.True(answer is LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available, answer.ToString());
        return ((LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available)answer).Value;
    }

    private protected async Task<ProviderFault> ReadFaultAsync(DnsServer server)
    {
        var fault = Assert
            .IsType<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable>(
                await Provider(server).ReadAsync(s_zone, [s_home], Cancel)
            )
            .Fault;
        Assert.False(fault.Unconfirmed);
        return fault;
    }

    private protected Task<LookupResult<RRset>> WriteAsync(DnsServer server) =>
        Provider(server).WriteAsync(s_wanted, null, Cancel);

    private protected async Task<ProviderFault> WriteFaultAsync(DnsServer server) =>
        Assert.IsType<LookupResult<RRset>.Unavailable>(await WriteAsync(server)).Fault;
}
