using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.State;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>The zone of a record that is configured without one.</summary>
public sealed class ZoneFinderTests : IDnsProvider
{
    private readonly FakeTimeProvider _time = new();
    private readonly ReconcileTrigger _trigger;
    private readonly ZoneFinder _finder;
    private TaskCompletionSource? _slow;
    private string[]? _zones = ["example.com", "lab.example.com", "example.co.uk"];
    private int _asked;

    public ZoneFinderTests()
    {
        var backoff = new Backoff<ZoneFinder>(new RetryDelay(new LoopOptions(), new Random(1)), _time);
        _trigger = new ReconcileTrigger(_time);
        _finder = new ZoneFinder(this, backoff, _trigger, _time);
    }

    [Theory]
    [InlineData("pi.lab.example.com", "lab.example.com", "pi")]
    [InlineData("lab.example.com", "lab.example.com", "@")]
    [InlineData("*.lab.example.com", "lab.example.com", "*")]
    [InlineData("other.example.com", "example.com", "other")]
    [InlineData("www.example.co.uk", "example.co.uk", "www")]
    public async Task LongestMatchingZone_IsUsed(string fqdn, string zone, string name)
    {
        var placed = Assert.Single((await PlaceAsync(Snapshot.Empty, fqdn)).Placed);
        Assert.Equal((zone, name), (placed.Key.Zone.ToString(), placed.Key.Name.ToString()));
    }

    [Fact]
    public async Task NameWithPartialLabelMatch_IsNotInTheZone()
    {
        var (_, fault) = Assert.Single((await PlaceAsync(Snapshot.Empty, "www.notexample.com")).Unplaced);
        Assert.Equal((ProviderFault.ZoneNotFound, FaultKind.Persistent), (fault.Type, fault.Kind));
    }

    [Fact]
    public async Task KnownZone_IsLookedUpTwiceADay()
    {
        var known = Known("pi.lab.example.com", "example.com", "pi.lab");
        await PlaceAsync(Snapshot.Empty, "pi.lab.example.com");
        Assert.Equal("example.com", (await PlaceAsync(known, "pi.lab.example.com")).Placed[0].Key.Zone.ToString());
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromHours(12));
        Assert.Equal("lab.example.com", (await PlaceAsync(known, "pi.lab.example.com")).Placed[0].Key.Zone.ToString());
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task ZonesUnavailable_KnownRecordsKeepTheirZone_AndListIsRetried()
    {
        _zones = null;
        var placement = await PlaceAsync(
            Known("home.example.com", "example.com", "home"),
            "home.example.com",
            "new.example.com"
        );
        Assert.Equal("home", Assert.Single(placement.Placed).Key.Name.ToString());
        Assert.Equal("timeout", Assert.Single(placement.Unplaced).Fault.Type);
        await PlaceAsync(Snapshot.Empty, "new.example.com");
        Assert.Equal(1, _asked);
        _zones = ["example.com"];
        _time.Advance(LoopOptions.MaxBackoff);
        Assert.Single((await PlaceAsync(Snapshot.Empty, "new.example.com")).Placed);
    }

    [Fact]
    public async Task ZoneReportedMissing_IsLookedUpAgain()
    {
        var gone = Known("home.example.com", "old.example", "home");
        gone = gone with
        {
            Records = gone.Records.With(
                gone.Records[0].Id,
                r =>
                    r with
                    {
                        Outcome = RecordOutcome.Failed,
                        LastError = new RecordError(_time.GetUtcNow(), ProviderFault.ZoneNotFound, "gone"),
                    }
            ),
        };
        Assert.Equal(
            "example.com",
            Assert.Single((await PlaceAsync(gone, "home.example.com")).Placed).Key.Zone.ToString()
        );
    }

    [Fact]
    public async Task SlowList_DelaysOnlyRecordsWithoutAKnownZone_AndTriggersARound()
    {
        _slow = new TaskCompletionSource();
        var known = Known("home.example.com", "example.com", "home");
        var placing = PlaceAsync(known, waitsForList: false, "home.example.com", "new.example.com");
        Assert.False(placing.IsCompleted);
        _time.Advance(LoopOptions.MinZoneWait);
        var placement = await placing;
        Assert.Equal("home", Assert.Single(placement.Placed).Key.Name.ToString());
        // A record that waits for the list has not failed.
        Assert.Empty(placement.Unplaced);
        Assert.False(_trigger.Requested.IsCompleted);
        _slow.SetResult();
        await _trigger.Requested.WaitAsync(TestContext.Current.CancellationToken);
        placement = await PlaceAsync(known, waitsForList: false, "home.example.com", "new.example.com");
        Assert.Equal(2, placement.Placed.Count);
    }

    [Fact]
    public async Task ListThatFailsAfterItsRound_IsReportedOnce_AndReadAgain()
    {
        _slow = new TaskCompletionSource();
        var placing = PlaceAsync(Snapshot.Empty, waitsForList: false, "new.example.com");
        _time.Advance(LoopOptions.MinZoneWait);
        await placing;
        _slow.SetException(new InvalidOperationException("a mistake"));
        await _trigger.Requested.WaitAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => PlaceAsync(Snapshot.Empty, "new.example.com"));
        _slow = null;
        Assert.Single((await PlaceAsync(Snapshot.Empty, "new.example.com")).Placed);
    }

    async Task<LookupResult<IReadOnlyCollection<DomainName>>> IDnsProvider.ZonesAsync(
        CancellationToken cancellationToken
    )
    {
        _asked++;
        if (_slow is not null)
            await _slow.Task;
        return _zones is null
            ? new LookupResult<IReadOnlyCollection<DomainName>>.Unavailable(
                new(FaultKind.Transient, "timeout", "did not answer")
            )
            : new LookupResult<IReadOnlyCollection<DomainName>>.Available([.. _zones.Select(z => DomainName.Parse(z))]);
    }

    Task<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>> IDnsProvider.ReadAsync(
        DomainName zone,
        IReadOnlyCollection<RecordKey> keys,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    Task<LookupResult<RRset>> IDnsProvider.WriteAsync(
        RRset rrset,
        RRset? observed,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    private static Snapshot Known(string fqdn, string zone, string name) =>
        Snapshot.Empty with
        {
            Records = RecordStates.Of([
                new RecordState(Fqdn.Parse(fqdn), RecordType.A)
                {
                    Key = new RecordKey(DomainName.Parse(zone), OwnerName.Parse(name), RecordType.A),
                },
            ]),
        };

    private Task<ZoneAssignment> PlaceAsync(Snapshot before, params string[] fqdns) =>
        PlaceAsync(before, waitsForList: true, fqdns);

    private Task<ZoneAssignment> PlaceAsync(Snapshot before, bool waitsForList, params string[] fqdns) =>
        _finder.PlaceAsync(
            [.. fqdns.Select(f => new DesiredRecord(Fqdn.Parse(f), null, null, RecordType.A, 300, RecordPolicy.Merge))],
            before,
            ReconcileReason.Timer,
            waitsForList,
            CancellationToken.None
        );
}
