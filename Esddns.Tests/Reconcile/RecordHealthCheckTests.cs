using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Verification;
using Esddns.Operator.State;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Tests.Reconcile;

public sealed class RecordHealthCheckTests
{
    [Fact]
    public async Task Health_NamesTheFirstRecordThatIsNotUpToDate()
    {
        var state = new StateStore(new EmptyKeeper(), TimeProvider.System);
        var good = new RecordState(Fqdn.Parse("a.example.com"), RecordType.A) { Outcome = RecordOutcome.Noop };
        var open = new RecordState(Fqdn.Parse("b.example.com"), RecordType.A);
        state.Update(s => s with { Records = RecordStates.Of([good]) });
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
        state.Update(s => s with { Records = RecordStates.Of([good, open]) });
        var report = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal(
            "1 of 2 records not up to date: b.example.com A Pending: no round has processed the record yet",
            report.Description
        );

        Task<HealthCheckResult> CheckAsync() =>
            new RecordHealthCheck(state).CheckHealthAsync(
                new HealthCheckContext(),
                TestContext.Current.CancellationToken
            );
    }

    private sealed class EmptyKeeper : IStatePersistence
    {
        public string? Problem => null;

        public Snapshot Load() => Snapshot.Empty;

        public Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
