using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.Queue;
using Esddns.Operator.State;
using Esddns.Tests.Support;

namespace Esddns.Tests.Notifications;

/// <content>Channels and clocks that are wrong do not stop the others; losses are reported where they happen.</content>
public sealed partial class NotifierTests
{
    [Fact]
    public async Task HangingChannel_DoesNotDelayAnother()
    {
        await using var hanging = await Receiver.StartAsync();
        var arrived = new TaskCompletionSource();
        hanging.Hang(arrived);
        var process = _bench.Process(_bench.File(StateFile), Channel("hanging", hanging), Hook());
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Change("203.0.113.1", "203.0.113.2");
        await process.RunOnceAsync(Cancel);
        _bench.Time.Advance(s_burst);
        await process.RunOnceAsync(Cancel);
        await arrived.Task;
        _bench.Change("203.0.113.2", "203.0.113.3");
        await Eventually.IsTrueAsync(async () => await process.RunOnceAsync(Cancel) && _receiver.Messages.Count == 1);
        _bench.Time.Advance(s_burst);
        await Eventually.IsTrueAsync(async () => await process.RunOnceAsync(Cancel) && _receiver.Messages.Count == 2);
        Assert.DoesNotContain("hanging sent", _bench.Sent);
    }

    /// <summary>A channel of dead-man pings takes no events, so none waits for it.</summary>
    [Fact]
    public async Task Pings_TakeNoEvents()
    {
        var ping = NotificationBench.Channel("ping", _receiver.Url, ChannelType.Healthchecks);
        var process = _bench.Process(_bench.File(StateFile), ping, Hook());
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Change("203.0.113.1", "203.0.113.2");
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        _bench.Observe();
        Assert.Equal((1, 0), (_receiver.Messages.Count, _bench.Queued));
    }

    [Fact]
    public async Task DroppedEvents_AreReportedOnlyToTheChannelThatLostThem()
    {
        await using var broken = await Receiver.StartAsync();
        broken.Fail(500, times: 1000);
        var process = _bench.Process(_bench.File(StateFile), Hook(), Channel("broken", broken));
        await NotificationBench.RunAsync(process);
        for (var i = 0; i < Ledger.MaxQueue + 5; i++)
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
            _bench.Change("203.0.113.1", $"198.51.100.{i % 250}");
            await NotificationBench.RunAsync(process);
        }

        await _bench.RunAfterAsync(process, s_burst);
        Assert.DoesNotContain(_receiver.Texts, t => t.Contains("dropped", StringComparison.Ordinal));
    }

    /// <summary>A machine without a battery starts with a wrong clock.</summary>
    [Fact]
    public async Task ClockThatWasInTheFuture_DoesNotSilenceTheNextEvents()
    {
        using var future = new NotificationBench();
        future.Time.Advance(TimeSpan.FromDays(2));
        await NotificationBench.RunAsync(future.Process(future.File(StateFile), Hook()));
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        Assert.Single(_receiver.Messages);
    }

    [Fact]
    public async Task ClockThatWasInTheFuture_DoesNotBlockAFailedChannel()
    {
        using var future = new NotificationBench();
        future.Time.Advance(TimeSpan.FromDays(2));
        var before = future.Process(future.File(StateFile), Hook());
        await NotificationBench.RunAsync(before);
        future.Time.Advance(TimeSpan.FromSeconds(1));
        future.Change("203.0.113.1", "203.0.113.2");
        _receiver.Fail(500);
        await NotificationBench.RunAsync(before);
        await future.RunAfterAsync(before, s_burst);
        var process = await StartAsync();
        await _bench.RunAfterAsync(process, RetryRule.MaxRetryAfter);
        Assert.Single(_receiver.Messages);
    }

    [Fact]
    public async Task RemovedChannel_LeavesNothingInTheQueue()
    {
        await using var removed = await Receiver.StartAsync();
        removed.Fail(500, times: 100);
        var process = _bench.Process(_bench.File(StateFile), Channel("removed", removed), Hook());
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Change("203.0.113.1", "203.0.113.2");
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        _bench.Observe();
        Assert.Equal(1, _bench.Queued);
        await NotificationBench.RunAsync(Process());
        _bench.Observe();
        Assert.Equal(0, _bench.Queued);
    }

    /// <summary>The history keeps 200 changes; a message never claims to be complete when it is not.</summary>
    [Fact]
    public async Task MoreChangesThanTheHistoryKeeps_AreReportedAsDropped()
    {
        var process = await StartAsync();
        for (var i = 0; i < Snapshot.MaxHistory + 50; i++)
        {
            _bench.Write("203.0.113.1", $"198.51.100.{i % 250}");
            _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        Assert.Contains("too many were waiting: at least 1.", Assert.Single(_receiver.Texts), StringComparison.Ordinal);
    }
}
