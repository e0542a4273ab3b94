namespace Esddns.Tests.Notifications;

/// <content>The queue outlives the process.</content>
public sealed partial class NotifierTests
{
    [Fact]
    public async Task Queue_SurvivesTheRestart_AndTheOutage()
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        _receiver.Fail(500);
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, s_burst);
        _bench.Observe();
        Assert.Equal(1, _bench.Queued);

        // The next process has a new state, so the event comes from the disk.
        _bench.State = _bench.NewState();
        var next = Process();
        await _bench.RunAfterAsync(next, TimeSpan.FromMinutes(43));
        Assert.EndsWith(
            "It happened at 2026-11-27 03:00:01 UTC, sent late because this channel failed since "
                + "2026-11-27 03:00:11 UTC: the receiver answers with HTTP 500.",
            Assert.Single(_receiver.Texts),
            StringComparison.Ordinal
        );
        Assert.Equal(1, _bench.Logs.Count("ChannelFailed"));
        _bench.Observe();
        Assert.Equal(0, _bench.Queued);
    }

    [Fact]
    public async Task KillBetweenSendAndConfirm_IsRepeatedWithTheSameIdentity()
    {
        var process = await StartAsync();
        _bench.Change("203.0.113.1", "203.0.113.2");
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(s_burst);
        var file = StateFile + ".notifications";
        var arrived = new TaskCompletionSource();
        _receiver.Hang(arrived);
        var pass = NotificationBench.RunAsync(process);
        await arrived.Task;
        var atKill = await File.ReadAllBytesAsync(file, Cancel);
        _bench.Leadership.Lose();
        await pass;
        await File.WriteAllBytesAsync(file, atKill, Cancel);

        using var second = new NotificationBench();
        second.Time.Advance(TimeSpan.FromMinutes(1));
        var next = second.Process(second.File(StateFile), Hook());
        await NotificationBench.RunAsync(next);
        Assert.Equal(["hook repeated"], second.Sent);
        Assert.Equal(2, _receiver.Messages.Count);
        Assert.Single(_receiver.Messages.Select(m => (string?)m["id"]).Distinct());
    }
}
