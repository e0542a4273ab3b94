using System.Net;
using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Dns;

/// <summary>The LiveDNS provider against the simulator.</summary>
public abstract class LiveDnsScenario : IAsyncLifetime
{
    private protected static readonly DomainName s_zone = DomainName.Parse("example.com");
    private protected static readonly RecordKey s_home = Key("home");
    private protected SimulatorHost _simulator = null!;
    private protected JsonDocument _written = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<IReadOnlyDictionary<RecordKey, RRset>> ReadAsync(params RecordKey[] keys) =>
        ReadAsync(Provider(), keys);

    private protected static async Task<IReadOnlyDictionary<RecordKey, RRset>> ReadAsync(
        IDnsProvider provider,
        params RecordKey[] keys
    ) => LiveDnsUnderTest.Value(await provider.ReadAsync(s_zone, keys, Cancel));

    private protected Task<LookupResult<RRset>> WriteAsync(RRset rrset) => Provider().WriteAsync(rrset, null, Cancel);

    private protected IDnsProvider Provider(
        Func<LiveDnsOptions, LiveDnsOptions>? change = null,
        TimeProvider? time = null
    )
    {
        var options = new LiveDnsOptions { BaseUrl = _simulator.LiveDnsUrl, Token = "simulator-token" };
        return LiveDnsUnderTest.Provider(change?.Invoke(options) ?? options, time);
    }

    private protected static ProviderFault Fault(LookupResult<RRset> answer) =>
        Assert.IsType<LookupResult<RRset>.Unavailable>(answer).Fault;

    private protected static RecordKey Key(string name) => new(s_zone, OwnerName.Parse(name), RecordType.A);

    private protected static AddressSet Set(params string[] addresses) => new(addresses.Select(IPAddress.Parse));
}
