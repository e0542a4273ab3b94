using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.Reconcile;

/// <summary>New credentials end the backoff after an authentication failure.</summary>
public sealed class CredentialsWatchTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly CountedTime _time = new();
    private readonly CountingLogs _logs = new();
    private readonly LoggerFactory _factory;
    private readonly ReconcileTrigger _trigger;

    public CredentialsWatchTests()
    {
        _factory = new LoggerFactory([_logs]);
        _trigger = new ReconcileTrigger(_time);
        File.WriteAllText(_file, "first");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _factory.Dispose();
        _logs.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task NewContent_TriggersARound_SameContentDoesNot()
    {
        using var watch = await StartAsync();
        var triggered = _trigger.NextAsync(TimeSpan.FromDays(1), ReconcileReason.Timer, Cancel);
        await AdvanceAsync(3);
        Assert.False(triggered.IsCompleted);
        File.WriteAllText(_file, "second");
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return triggered.IsCompleted;
        });
        Assert.Contains(ReconcileReason.Credentials, (await triggered).Reasons);
        Assert.Contains(
            _logs.Lines,
            l => l.Contains(_file, StringComparison.Ordinal) && !l.Contains("second", StringComparison.Ordinal)
        );
        await watch.StopAsync(Cancel);
    }

    /// <summary>A round that met the file while it was empty failed, and nothing else ends its wait.</summary>
    [Fact]
    public async Task SameContent_ReadableAgain_TriggersARound()
    {
        using var watch = await StartAsync();
        var triggered = _trigger.NextAsync(TimeSpan.FromDays(1), ReconcileReason.Timer, Cancel);
        File.WriteAllText(_file, "");
        await AdvanceAsync(3);
        Assert.False(triggered.IsCompleted);
        File.WriteAllText(_file, "first");
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return triggered.IsCompleted;
        });
        Assert.Contains(ReconcileReason.Credentials, (await triggered).Reasons);
        await watch.StopAsync(Cancel);
    }

    [Fact]
    public async Task UnreadableFile_TriggersNoRound()
    {
        using var watch = await StartAsync();
        var triggered = _trigger.NextAsync(TimeSpan.FromDays(1), ReconcileReason.Timer, Cancel);
        File.Delete(_file);
        await AdvanceAsync(3);
        Assert.False(triggered.IsCompleted);
        await watch.StopAsync(Cancel);
    }

    [Fact]
    public async Task NoFiles_WatchEnds()
    {
        using var watch = new CredentialsWatch([], _trigger, _time, _factory.CreateLogger<CredentialsWatch>());
        await watch.StartAsync(Cancel);
        await watch.ExecuteTask!.WaitAsync(Cancel);
    }

    private async Task<CredentialsWatch> StartAsync()
    {
        var watch = new CredentialsWatch(
            [new CredentialFile(_file)],
            _trigger,
            _time,
            _factory.CreateLogger<CredentialsWatch>()
        );
        await watch.StartAsync(Cancel);
        return watch;
    }

    /// <summary>Lets the watch poll a few times. Between two polls, it and the trigger wait.</summary>
    private async Task AdvanceAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Eventually.IsTrueAsync(() => _time.Waiting == 2);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        await Eventually.IsTrueAsync(() => _time.Waiting == 2);
    }
}
