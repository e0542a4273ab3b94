using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.Events;
using Esddns.Operator.Notifications.Queue;

namespace Esddns.Tests.Notifications;

/// <summary>The queue against real receivers with faults: retries, bursts, restarts, late messages.</summary>
public sealed partial class NotifierTests : IAsyncLifetime
{
    private static readonly TimeSpan s_burst = TimeSpan.FromSeconds(10);
    private readonly NotificationBench _bench = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-notify-").FullName;
    private Receiver _receiver = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string StateFile => Path.Combine(_folder, "state.json");

    public async ValueTask InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task AddressChange_IsSentOnce()
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        await NotificationBench.RunAsync(process);
        Assert.Empty(_receiver.Messages);
        await _bench.RunAfterAsync(process, s_burst);
        Assert.Equal(
            "IPv4 address changed to 203.0.113.2\nwas 203.0.113.1\nIt happened at 2026-11-27 03:00:01 UTC.",
            Assert.Single(_receiver.Texts)
        );
        await _bench.RunAfterAsync(process, TimeSpan.FromHours(1));
        Assert.Single(_receiver.Texts);
        Assert.Equal(["hook sent"], _bench.Sent);
        Assert.Empty(_bench.Logs.Lines);
    }

    [Fact]
    public async Task EventsBeforeTheFirstStart_AreNotTold()
    {
        _bench.Change("203.0.113.1", "203.0.113.2");
        var process = await StartAsync();
        await _bench.RunAfterAsync(process, TimeSpan.FromHours(1));
        Assert.Empty(_receiver.Messages);
    }

    [Fact]
    public async Task Burst_IsOneMessage_WithTheMostUrgentFirst()
    {
        var process = await StartAsync();
        _bench.Record(isInSync: true);
        for (var i = 1; i <= 30; i++)
        {
            _bench.Change($"203.0.113.{i}", $"203.0.113.{i + 1}");
            await NotificationBench.RunAsync(process);
            _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await _bench.RunAfterAsync(process, s_burst);
        var text = Assert.Single(_receiver.Texts);
        Assert.StartsWith("30 events: IPv4 address changed to", text, StringComparison.Ordinal);
        Assert.EndsWith("and 10 more events", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_AreRetriedWithGrowingWaits_AndLoggedOnce()
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        _receiver.Fail(500, times: 6);
        var waits = new List<TimeSpan>();
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        var last = _bench.Time.GetUtcNow();
        for (var requests = 1; requests < 7; )
        {
            await _bench.RunAfterAsync(process, TimeSpan.FromSeconds(1));
            if (_receiver.Requests.Count == requests)
                continue;
            waits.Add(_bench.Time.GetUtcNow() - last);
            (last, requests) = (_bench.Time.GetUtcNow(), _receiver.Requests.Count);
        }

        Assert.All(waits, w => Assert.True(w >= RetryRule.Floor, $"{w}"));
        for (var i = 0; i < waits.Count; i++)
            Assert.True(waits[i] <= RetryRule.Floor * Math.Pow(2, i + 1) + TimeSpan.FromSeconds(1), $"{i}: {waits[i]}");
        Assert.Contains(waits, w => w > TimeSpan.FromSeconds(30));
        Assert.Single(_receiver.Messages);
        Assert.Equal((1, 1), (_bench.Logs.Count("ChannelFailed"), _bench.Logs.Count("ChannelRestored")));
        Assert.Equal(6, _bench.Sent.Count(s => s == "hook failed"));
        Assert.Equal("hook sent", _bench.Sent[^1]);
    }

    [Fact]
    public async Task RetryAfter_IsHonoured()
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        _receiver.Fail(429, retryAfter: "3600");
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        await _bench.RunAfterAsync(process, TimeSpan.FromMinutes(59));
        Assert.Single(_receiver.Requests);
        await _bench.RunAfterAsync(process, TimeSpan.FromMinutes(1));
        Assert.Equal(2, _receiver.Requests.Count);
        Assert.Contains(
            "sent late because this channel failed since 2026-11-27 03:00:11 UTC: the receiver answers with HTTP 429",
            Assert.Single(_receiver.Texts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task RefusedMessage_IsSentTogetherWithLaterEvents()
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        _receiver.Fail(503);
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        _bench.Change("203.0.113.2", "203.0.113.3");
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, TimeSpan.FromMinutes(1));
        Assert.StartsWith("2 events", Assert.Single(_receiver.Texts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CutConnection_IsRepeatedAsItWas_AndCounted(bool isAccepted)
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        _receiver.Cut(isAccepted);
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        _bench.Change("203.0.113.2", "203.0.113.3");
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, TimeSpan.FromSeconds(20));
        Assert.Equal(["hook failed", "hook repeated", "hook sent"], _bench.Sent);
        var ids = _receiver.Messages.Select(m => (string?)m["id"]).ToArray();
        Assert.Equal(isAccepted ? 3 : 2, ids.Length);
        Assert.Equal(2, ids.Distinct().Count());
    }

    [Fact]
    public async Task SlowReceiver_EndsAtTheTimeLimit_AndIsRepeated()
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        var arrived = new TaskCompletionSource();
        _receiver.Hang(arrived);
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(s_burst);
        var pass = NotificationBench.RunAsync(process);
        await arrived.Task;
        _bench.Time.Advance(TimeSpan.FromSeconds(20));
        await pass;
        Assert.Contains("no answer within 20 s", Assert.Single(_bench.Logs.Lines), StringComparison.Ordinal);
        await _bench.RunAfterAsync(process, TimeSpan.FromMinutes(1));
        Assert.Equal(["hook failed", "hook repeated"], _bench.Sent);
    }

    [Fact]
    public async Task BrokenChannel_DoesNotDelayAnother()
    {
        await using var broken = await Receiver.StartAsync();
        broken.Fail(500, times: 100);
        var process = _bench.Process(_bench.File(StateFile), Hook(), Channel("broken", broken));
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 1; i <= 3; i++)
        {
            _bench.Change($"203.0.113.{i}", $"203.0.113.{i + 1}");
            await NotificationBench.RunAsync(process);
            await _bench.RunAfterAsync(process, s_burst);
            Assert.Equal(i, _receiver.Messages.Count);
        }

        Assert.Equal(1, _bench.Logs.Count("ChannelFailed"));
    }

    [Fact]
    public async Task LongOutage_KeepsTheNewestEvents_AndTellsTheNumberOfOthers()
    {
        var process = await StartAsync();
        _receiver.Fail(500, times: 1000);
        for (var i = 0; i < Ledger.MaxQueue + 5; i++)
        {
            _bench.Change("203.0.113.1", $"198.51.100.{i % 250}");
            await NotificationBench.RunAsync(process);
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        _bench.Observe();
        Assert.Equal(Ledger.MaxQueue, _bench.Queued);
        Assert.True(new FileInfo(StateFile + ".notifications").Length < 256 << 10);
        await using var other = await Receiver.StartAsync();
        var restored = _bench.Process(_bench.File(StateFile), Channel("hook", other));
        await _bench.RunAfterAsync(restored, RetryRule.Ceiling);
        Assert.Contains(
            "Older events were dropped, because too many were waiting: at least 5.",
            Assert.Single(other.Texts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task RetriedMessage_SaysWhyItIsLate()
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        _receiver.Fail(500);
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        await _bench.RunAfterAsync(process, TimeSpan.FromSeconds(10));
        Assert.Contains(
            "sent late because this channel failed",
            Assert.Single(_receiver.Texts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Follower_SendsNothing()
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        _bench.Leadership.IsLeader = false;
        await _bench.RunAfterAsync(process, TimeSpan.FromHours(1));
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Channel_GetsOnlyTheEventsThatItWants()
    {
        await using var other = await Receiver.StartAsync();
        var process = _bench.Process(
            _bench.File(StateFile),
            NotificationBench.Channel("edits", other.Url, events: [EventKind.ForeignEdit]),
            Hook()
        );
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Change("203.0.113.1", "203.0.113.2");
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        Assert.Equal((1, 0), (_receiver.Requests.Count, other.Requests.Count));
    }

    private static ChannelOptions Channel(string name, Receiver receiver) =>
        NotificationBench.Channel(name, receiver.Url);

    private ChannelOptions Hook() => Channel("hook", _receiver);

    private Notifier Process() => _bench.Process(_bench.File(StateFile), Hook());

    /// <summary>Starts a process, and waits until the present counts as the past.</summary>
    private async Task<Notifier> StartAsync()
    {
        var process = Process();
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        return process;
    }
}
