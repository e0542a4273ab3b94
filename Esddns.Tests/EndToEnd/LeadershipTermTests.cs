using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>Requests in flight when the term of a leader ends.</summary>
public sealed class LeadershipTermTests : IAsyncLifetime
{
    private readonly EndingLeadership _leadership = new();
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _leadership.Dispose();
    }

    /// <summary>
    /// The time limit of a request is longer than the term. The end of the term must therefore cancel the request.
    /// </summary>
    [Fact]
    public async Task WriteInFlight_TermEnds_IsCanceledAndUnconfirmed()
    {
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            services: s => s.AddSingleton<ILeadership>(_leadership)
        );
        await Eventually.IsTrueAsync(() => run.Snapshot.InSync);
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Silence) { Method = "PUT", Count = 1 });
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.2");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sync");
        var synced = run.Http.SendAsync(request, TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => _simulator.Faults.Active.Count == 0);
        _leadership.End();
        await Eventually.IsTrueAsync(() => _simulator.Requests.Writes.Any(w => w.Status is null));
        (await synced).Dispose();
        Assert.Equal(SyncStatus.Unknown, run.Snapshot.Records[0].State);
        Assert.Equal(2, _simulator.Requests.Writes.Count);
    }

    private sealed class EndingLeadership : ILeadership, IDisposable
    {
        private readonly CancellationTokenSource _end = new();

        public bool IsLeader => !_end.IsCancellationRequested;

        public CancellationToken LeadershipLost => _end.Token;

        public void End() => _end.Cancel();

        public void Dispose() => _end.Dispose();
    }
}
