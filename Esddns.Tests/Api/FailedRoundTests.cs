using System.Net;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Api;

/// <summary>A failed round of the real loop: its requests get an answer, and the next round runs.</summary>
public sealed class FailedRoundTests
{
    [Fact]
    public async Task Sync_RoundFails_ReturnsErrorAndNextRoundRuns()
    {
        await using var simulator = await Sim.StartAsync();
        var records = new FailingRecords();
        using var logs = new CountingLogs();
        await using var run = await OperatorRun.StartAsync(
            simulator,
            services: s => logs.AddTo(s.AddSingleton<IDesiredRecords>(records))
        );
        await Eventually.IsTrueAsync(() => records.Calls > 0);
        Assert.Equal(HttpStatusCode.InternalServerError, await SyncAsync(run));
        Assert.Equal(HttpStatusCode.InternalServerError, await SyncAsync(run));
        Assert.Equal(1, logs.Count("RoundFailed"));
        records.IsFailing = false;
        Assert.Equal(HttpStatusCode.OK, await SyncAsync(run));
        records.IsFailing = true;
        Assert.Equal(HttpStatusCode.InternalServerError, await SyncAsync(run));
        Assert.Equal(2, logs.Count("RoundFailed"));
    }

    private static async Task<HttpStatusCode> SyncAsync(OperatorRun run)
    {
        var sync = new Uri("/sync", UriKind.Relative);
        using var answer = await run.Http.PostAsync(sync, null, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private sealed class FailingRecords : IDesiredRecords
    {
        private int _calls;

        public bool IsFailing { get; set; } = true;

        public int Calls => Volatile.Read(ref _calls);

        public ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            return IsFailing
                ? throw new InvalidOperationException("broken")
                : ValueTask.FromResult<IReadOnlyList<DesiredRecord>>([]);
        }
    }
}
