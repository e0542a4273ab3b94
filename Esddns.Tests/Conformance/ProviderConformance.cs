using System.Net;
using Esddns.Operator.Dns;

namespace Esddns.Tests.Conformance;

/// <summary>
/// The required behaviour of every DNS provider. Each provider has its own server, with the zone example.com and
/// without the record home.
/// </summary>
public abstract class ProviderConformance
{
    private protected static readonly DomainName Zone = DomainName.Parse("example.com");
    private static readonly RecordKey s_home = Key("home");

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract IDnsProvider Provider { get; }

    private protected abstract IDnsProvider WithoutRights { get; }

    [Fact]
    public async Task Zones_ContainTheZone() =>
        Assert.Contains(
            Zone,
            Assert
                .IsType<LookupResult<IReadOnlyCollection<DomainName>>.Available>(await Provider.ZonesAsync(Cancel))
                .Value
        );

    [Fact]
    public async Task MissingRecord_IsAbsent() => Assert.Empty(await ReadAsync(Key("missing")));

    [Fact]
    public async Task Record_IsCreatedReadAndReplaced()
    {
        await WriteAsync(new RRset(s_home, 300, Set("198.51.100.4")), null);
        var created = (await ReadAsync(s_home))[s_home];
        Assert.Equal((300, Set("198.51.100.4")), (created.Ttl, created.Values));

        await WriteAsync(created with { Ttl = 600, Values = Set("198.51.100.5", "198.51.100.6") }, created);
        var replaced = (await ReadAsync(s_home))[s_home];
        Assert.Equal((600, Set("198.51.100.5", "198.51.100.6")), (replaced.Ttl, replaced.Values));
    }

    [Fact]
    public async Task Families_AreIndependent()
    {
        var (four, six) = (Key("dual"), Key("dual") with { Type = RecordType.AAAA });
        await WriteAsync(new RRset(four, 300, Set("198.51.100.4")), null);
        await WriteAsync(new RRset(six, 300, Set("2001:db8::4")), null);
        var read = await ReadAsync(four, six);
        Assert.Equal((Set("198.51.100.4"), Set("2001:db8::4")), (read[four].Values, read[six].Values));
    }

    [Fact]
    public async Task Write_WithoutPermission_IsAPersistentFault()
    {
        var key = Key("forbidden");
        var fault = Assert
            .IsType<LookupResult<RRset>.Unavailable>(
                await WithoutRights.WriteAsync(new RRset(key, 300, Set("198.51.100.4")), null, Cancel)
            )
            .Fault;
        Assert.Equal(FaultKind.Persistent, fault.Kind);
        Assert.Empty(await ReadAsync(key));
    }

    [Fact]
    public async Task ForeignZone_IsAFaultNotAnAbsence()
    {
        var key = new RecordKey(DomainName.Parse("example.org"), OwnerName.Apex, RecordType.A);
        var answer = await Provider.ReadAsync(key.Zone, [key], Cancel);
        Assert.Equal(
            FaultKind.Persistent,
            Assert.IsType<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable>(answer).Fault.Kind
        );
    }

    private protected async Task<IReadOnlyDictionary<RecordKey, RRset>> ReadAsync(params RecordKey[] keys) =>
        Assert
            .IsType<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available>(
                await Provider.ReadAsync(Zone, keys, Cancel)
            )
            .Value;

    private protected async Task WriteAsync(RRset rrset, RRset? observed)
    {
        var answer = await Provider.WriteAsync(rrset, observed, Cancel);
        Assert.True(answer is LookupResult<RRset>.Available, answer.ToString());
    }

    private protected static RecordKey Key(string name) => new(Zone, OwnerName.Parse(name), RecordType.A);

    private protected static AddressSet Set(params string[] addresses) => new(addresses.Select(IPAddress.Parse));
}
