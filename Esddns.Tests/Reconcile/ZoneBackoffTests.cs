using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Zones;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>The wait of a zone after a fault of its credentials.</summary>
public sealed class ZoneBackoffTests
{
    private static readonly HostedZone s_zone = new(DomainName.Parse("example.com"), "team/token#key");
    private static readonly ProviderFault s_unauthorized = new(FaultKind.Persistent, "unauthorized", "401");
    private readonly FakeTimeProvider _time = new();
    private readonly LoopOptions _options = new();
    private readonly Backoff<HostedZone> _backoff;
    private readonly ZoneBackoff _zones;

    public ZoneBackoffTests()
    {
        _backoff = new(new RetryDelay(_options, new Random(1)), _time);
        _zones = new(_backoff, _time, NullLogger<ZoneBackoff>.Instance);
    }

    [Fact]
    public void PersistentFault_WaitsForTheSyncInterval()
    {
        Assert.True(_zones.MayTry(s_zone, ReconcileReason.Cluster));
        Assert.NotNull(_zones.Failed(s_zone, s_unauthorized).RetryAt);
        _time.Advance(LoopOptions.MaxBackoff);
        Assert.False(_zones.MayTry(s_zone, ReconcileReason.Cluster));
        _time.Advance(_options.SyncInterval);
        Assert.True(_zones.MayTry(s_zone, ReconcileReason.Cluster));
    }

    [Fact]
    public void CredentialsChangeAfterTheFault_EndTheWait()
    {
        Assert.True(_zones.MayTry(s_zone, ReconcileReason.Cluster));
        _zones.Failed(s_zone, s_unauthorized);
        _backoff.Forget(z => z == s_zone);
        Assert.True(_zones.MayTry(s_zone, ReconcileReason.Cluster));
    }

    /// <summary>The call may have used the old credentials, and nothing else ends its wait.</summary>
    [Fact]
    public void CredentialsChangeDuringTheCall_ZoneIsRetriedSoon()
    {
        Assert.True(_zones.MayTry(s_zone, ReconcileReason.Cluster));
        _backoff.Forget(z => z == s_zone);
        Assert.Null(_zones.Failed(s_zone, s_unauthorized).RetryAt);
        _time.Advance(LoopOptions.FirstBackoff + LoopOptions.MinBackoff);
        Assert.True(_zones.MayTry(s_zone, ReconcileReason.Cluster));
        Assert.NotNull(_zones.Failed(s_zone, s_unauthorized).RetryAt);
    }
}
