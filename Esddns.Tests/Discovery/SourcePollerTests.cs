using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Esddns.Operator.Discovery;
using Esddns.Operator.Net;
using Esddns.Operator.Telemetry;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Discovery;

/// <summary>The sources that a round and a canary query, and their time limits.</summary>
public sealed class SourcePollerTests
{
    private const string Ours = "81.2.69.142";
    private readonly FakeTimeProvider _time = new();
    private readonly FakeSource _stun1 = new("stun-1", EvidenceClass.Stun, Ours);
    private readonly FakeSource _stun2 = new("stun-2", EvidenceClass.Stun, Ours);
    private readonly FakeSource _dns = new("dns", EvidenceClass.Dns, Ours);
    private readonly FakeSource _echo = new("echo", EvidenceClass.Https, Ours);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SourcePoller All => FakeSource.Poller(_time, _stun1, _stun2, _dns, _echo);

    private Canary Canary => new([_echo, _stun1, _dns, _stun2], All);

    [Fact]
    public async Task Round_SettledWithPendingSource_EndsAfterTheGracePeriod()
    {
        _dns.Address = null;
        var round = All.AskAllAsync(
            IpFamily.IPv4,
            (answered, pending) => answered.Count == 3 && pending.Single() == _dns.Id,
            Cancel
        );
        Assert.False(round.IsCompleted);
        _time.Advance(SourcePoller.Grace);
        var tarpit = Assert.Single((await round).OfType<Observation.Unavailable>());
        Assert.Equal(
            ("dns", "not needed: the other sources already determined the result"),
            (tarpit.Source.Name, tarpit.Reason)
        );
    }

    [Fact]
    public async Task Round_AnswerWithinTheGracePeriod_Counts()
    {
        var late = new LateSource();
        var round = FakeSource.Poller(_time, _stun1, late).AskAllAsync(IpFamily.IPv4, (_, _) => true, Cancel);
        _time.Advance(SourcePoller.Grace / 2);
        late.Answer.SetResult();
        var seen = (await round).OfType<Observation.Seen>().ToDictionary(s => s.Source.Name, s => s.Seconds);
        Assert.Equal(2, seen.Count);
        Assert.Equal((0, (SourcePoller.Grace / 2).TotalSeconds), (seen["stun-1"], seen["late"]));
    }

    [Fact]
    public async Task Round_NotSettled_WaitsForTheTimeLimit()
    {
        _dns.Address = null;
        var round = All.AskAllAsync(IpFamily.IPv4, (_, _) => false, Cancel);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(round.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("no answer within 5 s", Assert.Single((await round).OfType<Observation.Unavailable>()).Reason);
    }

    [Fact]
    public async Task Round_CallerCancels_IsCanceled()
    {
        _dns.Address = null;
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var round = All.AskAllAsync(IpFamily.IPv4, (_, _) => true, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => round);
    }

    [Fact]
    public async Task SourceThatThrows_IsUnavailable()
    {
        _dns.Address = "no address at all";
        var observations = await All.AskAllAsync(IpFamily.IPv4, (_, _) => false, Cancel);
        Assert.Equal(_dns.Id, Assert.Single(observations.OfType<Observation.Unavailable>()).Source);
        Assert.Equal(3, observations.OfType<Observation.Seen>().Count());
    }

    [Fact]
    public async Task Round_IsTracedAndCountedBySource()
    {
        var spans = new ConcurrentBag<Activity>();
        using var tracing = new ActivityListener
        {
            ShouldListenTo = s => s.Name == OperatorTracing.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(tracing);
        var counts = new ConcurrentBag<string>();
        using var metering = new MeterListener
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Meter.Name == OperatorTracing.Name)
                    l.EnableMeasurementEvents(i);
            },
        };
        metering.SetMeasurementEventCallback<long>(
            (_, n, tags, _) => counts.Add(string.Join(' ', tags.ToArray().Select(t => t.Value)) + $" {n}")
        );
        metering.Start();

        // Unique names, because other tests query at the same time.
        var name = Guid.NewGuid().ToString("N");
        var (good, bad) = (
            new FakeSource($"{name}-good", EvidenceClass.Dns, Ours),
            new FakeSource($"{name}-bad", EvidenceClass.Stun, "nonsense")
        );
        await FakeSource.Poller(_time, good, bad).AskAllAsync(IpFamily.IPv4, (_, _) => false, Cancel);

        Assert.Contains($"{name}-good seen 1", counts);
        Assert.Contains($"{name}-bad unavailable 1", counts);
        Activity Span(string of) => Assert.Single(spans, s => (string?)s.GetTagItem("esddns.source") == of);
        Assert.Equal(
            (Ours, null),
            (Span($"{name}-good").GetTagItem("esddns.address"), Span($"{name}-good").GetTagItem("esddns.reason"))
        );
        Assert.Null(Span($"{name}-bad").GetTagItem("esddns.address"));
        Assert.NotNull(Span($"{name}-bad").GetTagItem("esddns.reason"));
    }

    [Fact]
    public async Task Canary_RotatesServers_InEachFamily()
    {
        var canary = Canary;
        foreach (var expected in new[] { "stun-1", "stun-2", "stun-1" })
        {
            foreach (var family in new[] { IpFamily.IPv4, IpFamily.IPv6 })
                Assert.Equal(expected, (await canary.AskAsync(family, Cancel)).Source.Name);
        }
    }

    [Fact]
    public async Task Canary_StartsPeriodicallyWithAnotherClass()
    {
        var canary = Canary;
        var asked = await AskAsync(canary, 4 * Canary.OtherClassEvery);
        Assert.Equal(["dns", "echo", "dns", "echo"], asked.Where(a => !a.StartsWith("stun", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, "dns")]
    [InlineData(true, "echo")]
    public async Task Canary_NoAnswer_AsksTheNextClass(bool dnsIsSilent, string expected)
    {
        _stun1.Address = _stun2.Address = null;
        if (dnsIsSilent)
            _dns.Address = null;
        var asking = Canary.AskAsync(IpFamily.IPv4, Cancel);
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return asking.IsCompleted;
        });
        Assert.Equal(expected, Assert.IsType<Observation.Seen>(await asking).Source.Name);
    }

    [Fact]
    public async Task Canary_NoClassAnswers_AsksEachClassOnce()
    {
        _stun1.Address = _stun2.Address = _dns.Address = _echo.Address = null;
        var asking = Canary.AskAsync(IpFamily.IPv4, Cancel);
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return asking.IsCompleted;
        });
        Assert.IsType<Observation.Unavailable>(await asking);
        Assert.Equal((1, 0, 1, 1), (_stun1.QueryCount, _stun2.QueryCount, _dns.QueryCount, _echo.QueryCount));
    }

    [Fact]
    public async Task Canary_OneClassOnly_AsksThatClass()
    {
        Assert.All(await AskAsync(new Canary([_echo], All), 2 * Canary.OtherClassEvery), a => Assert.Equal("echo", a));
    }

    private static async Task<IReadOnlyList<string>> AskAsync(Canary canary, int times)
    {
        var asked = new List<string>();
        for (var i = 0; i < times; i++)
            asked.Add((await canary.AskAsync(IpFamily.IPv4, Cancel)).Source.Name);
        return asked;
    }

    /// <summary>Answers when the test sets the address, unless the caller cancels.</summary>
    private sealed class LateSource : IAddressSource
    {
        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SourceId Id { get; } = new("late", EvidenceClass.Dns, "late");

        public async Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken)
        {
            await Answer.Task.WaitAsync(cancellationToken);
            return new Observation.Seen(Id, System.Net.IPAddress.Parse(Ours));
        }
    }
}
