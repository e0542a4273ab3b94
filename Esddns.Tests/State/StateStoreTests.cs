using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Tests.State;

/// <summary>The newest snapshot and its subscribers.</summary>
public sealed class StateStoreTests
{
    private static readonly RecordState s_record = new(Fqdn.Parse("home.example.com"), RecordType.A);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_ReturnsTheCurrentAndLaterSnapshots()
    {
        var store = new StateStore(new Keeper(Snapshot.Empty with { Round = 7 }), TimeProvider.System);
        await using var follower = store.FollowAsync(Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await follower.MoveNextAsync());
        Assert.Equal(7, follower.Current.Round);
        var next = follower.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        Assert.Equal(8, store.Update(s => s with { Round = s.Round + 1 }).Round);
        Assert.True(await next);
        Assert.Equal(8, follower.Current.Round);
    }

    [Fact]
    public async Task NextChange_CompletesAtTheNextUpdate()
    {
        var store = new StateStore(new Keeper(Snapshot.Empty), TimeProvider.System);
        store.Update(s => s);
        var change = store.NextChange();
        Assert.False(change.IsCompleted);
        store.Update(s => s);
        await change.WaitAsync(Cancel);
        Assert.False(store.NextChange().IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OutdatedState_MarksTheOwnershipOfEachRecord(bool isOutdated)
    {
        var kept = Snapshot.Empty with { Records = RecordStates.Of([s_record]), IsOutdated = isOutdated };
        var current = new StateStore(new Keeper(kept), TimeProvider.System).Current;
        Assert.Equal((false, isOutdated), (current.IsOutdated, current.Records[0].IsOwnershipOutdated));
    }

    [Fact]
    public async Task Keep_StoresTheNewest_AndAProblemDegradesHealth()
    {
        var keeper = new Keeper(Snapshot.Empty);
        var store = new StateStore(keeper, TimeProvider.System);
        store.Update(s => s with { Round = 3 });
        Assert.True(await store.SaveAsync(Cancel));
        Assert.False(store.IsUnstored(s_record.Id));
        Assert.Equal(3, keeper.Kept?.Round);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(keeper)).Status);
        keeper.Problem = "the disk is full";
        var report = await CheckAsync(keeper);
        Assert.Equal((HealthStatus.Degraded, "the disk is full"), (report.Status, report.Description));
    }

    private static Task<HealthCheckResult> CheckAsync(Keeper keeper) =>
        new StateHealthCheck(keeper).CheckHealthAsync(new HealthCheckContext(), Cancel);

    private sealed class Keeper(Snapshot kept) : IStatePersistence
    {
        public string? Problem { get; set; }

        public Snapshot? Kept { get; private set; }

        public Snapshot Load() => kept;

        public Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken)
        {
            Kept = snapshot;
            return Task.FromResult(true);
        }
    }
}
