using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.DeadMan;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.Notifications;

/// <summary>Pings are sent only while every record is verified at the name servers, by fresh evidence.</summary>
public sealed class DeadManTests : IAsyncLifetime
{
    private const string NotConfirmed = "the answer of the service does not confirm the ping";
    private static readonly AddressSet s_values = AddressSet.Of(IPAddress.Parse("203.0.113.1"));
    private readonly NotificationBench _bench = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private Receiver _receiver = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _bench.Time.GetUtcNow();

    public async ValueTask InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _bench.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public void ServedRecord_IsVerified() => Assert.True(IsVerified((Snapshot s) => s));

    [Fact]
    public void NoRecords_AreNotVerified() => Assert.False(IsVerified(s => s with { Records = RecordStates.Empty }));

    [Fact]
    public void StaleState_IsNotVerified() =>
        Assert.False(IsVerified(s => s with { Stale = new Staleness(Now, "unreachable") }));

    [Fact]
    public void OldRound_IsNotVerified() => Assert.False(IsVerified(s => s with { At = Now.AddMinutes(-16) }));

    [Fact]
    public void OldAnswers_AreNotVerified() =>
        Assert.False(IsVerified(r => r with { Propagation = Seen(done: true, Now.AddMinutes(-16)) }));

    [Fact]
    public void UnfinishedPropagation_IsNotVerified() =>
        Assert.False(IsVerified(r => r with { Propagation = Seen(done: false, Now) }));

    [Fact]
    public void AnswersOfEarlierValues_AreNotVerified() =>
        Assert.False(IsVerified(r => r with { Current = AddressSet.Of(IPAddress.Parse("203.0.113.2")) }));

    [Fact]
    public void UnknownPropagation_IsNotVerified() => Assert.False(IsVerified(r => r with { Propagation = null }));

    [Fact]
    public void FailedRecord_IsNotVerified() =>
        Assert.False(IsVerified(r => r with { Outcome = RecordOutcome.Failed }));

    [Fact]
    public void SentWrite_IsNotVerified() => Assert.False(IsVerified(r => r with { Sent = new SentWrite(null, "x") }));

    [Fact]
    public void SkippedRecord_DoesNotCount()
    {
        var skipped = Skipped();
        Assert.True(IsVerified(s => s with { Records = RecordStates.Of([.. s.Records, skipped]) }));
        Assert.False(IsVerified(s => s with { Records = RecordStates.Of([skipped]) }));
    }

    [Fact]
    public async Task Pings_StopWithTheVerification_AndOneFailureIsReported()
    {
        using var pings = await StartAsync(ChannelType.Healthchecks);
        await TickUntilAsync(() => _receiver.Requests.Count >= 2);
        Assert.All(_receiver.Requests, r => Assert.Equal("GET /hook/secret-path", r));
        var before = _receiver.Requests.Count;
        _bench.State.Update(s => s with { Records = s.Records.WithEach(r => r with { Propagation = null }) });
        // One ping may be under way.
        await TickUntilAsync(() => _receiver.Requests.Contains("GET /hook/secret-path/fail"));
        Assert.InRange(_receiver.Requests.Count, before + 1, before + 2);
        Update();
        var failed = _receiver.Requests.Count;
        await TickUntilAsync(() => _receiver.Requests.Count > failed);
        Assert.Equal("GET /hook/secret-path", _receiver.Requests.Last());
        Assert.Single(_receiver.Requests, r => r.EndsWith("/fail", StringComparison.Ordinal));
        await pings.StopAsync(Cancel);
    }

    [Fact]
    public async Task UptimeKuma_GetsItsParameters_AndNoFailure()
    {
        using var pings = await StartAsync(ChannelType.UptimeKuma);
        await TickUntilAsync(() => _receiver.Requests.Count >= 1);
        Assert.Equal("GET /api/push/secret-path?status=up&msg=OK&ping=", _receiver.Requests.First());
        await pings.StopAsync(Cancel);
    }

    /// <summary>Both services answer some failures with 200. Nothing of an answer is repeated.</summary>
    [Theory]
    [InlineData(false, 200, "OK", null)]
    [InlineData(false, 201, "Created", null)]
    [InlineData(false, 200, "OK (not found)", "the service does not know this check")]
    [InlineData(false, 200, "OK (rate limited)", "the service limits the pings")]
    [InlineData(false, 200, "", NotConfirmed)]
    [InlineData(false, 404, "not found", "the receiver answers with HTTP 404")]
    [InlineData(true, 200, """{"ok": true}""", null)]
    [InlineData(true, 200, """{"ok":false,"msg":"secret"}""", NotConfirmed)]
    [InlineData(true, 404, """{"ok":false}""", "the receiver answers with HTTP 404")]
    public async Task Answer_IsJudged(bool isKuma, int status, string body, string? problem)
    {
        var type = isKuma ? ChannelType.UptimeKuma : ChannelType.Healthchecks;
        _receiver.Answer(body, status);
        Assert.Equal(problem, (await PingAsync(type, UrlOf(type))).Problem);
    }

    [Fact]
    public async Task LongAnswer_IsReadInPartOnly()
    {
        _receiver.Answer("OK" + new string(' ', 10_000_000));
        Assert.Null((await PingAsync(ChannelType.Healthchecks, _receiver.Url)).Problem);
        _receiver.Answer(new string('x', 10_000_000));
        Assert.Equal(NotConfirmed, (await PingAsync(ChannelType.Healthchecks, _receiver.Url)).Problem);
    }

    [Fact]
    public async Task Healthchecks_KeepsTheQuery()
    {
        var channel = NotificationBench.Channel("ping", $"{_receiver.Url}/?create=1", ChannelType.Healthchecks);
        using var sender = new HttpSender(new NotificationOptions([]), TimeProvider.System);
        var target = new PingTarget(channel, sender);
        Assert.Null((await target.PingAsync(Cancel)).Problem);
        Assert.Null((await target.FailAsync(Cancel)).Problem);
        Assert.Null((await target.TestAsync(Cancel)).Problem);
        Assert.Equal(
            ["", "/fail", "/log"],
            _receiver.Requests.Select(r => r.Replace("GET /hook/secret-path", "").Replace("?create=1", ""))
        );
        Assert.All(_receiver.Requests, r => Assert.EndsWith("?create=1", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task FailingTarget_IsLoggedOnce()
    {
        _receiver.Fail(500, times: 3);
        using var pings = await StartAsync(ChannelType.Healthchecks);
        await TickUntilAsync(() => _bench.Logs.Count("ChannelRestored") == 1);
        Assert.Equal(1, _bench.Logs.Count("ChannelFailed"));
        Assert.DoesNotContain(_bench.Logs.Lines, l => l.Contains("secret", StringComparison.Ordinal));
        await pings.StopAsync(Cancel);
    }

    private static RecordState Skipped() =>
        RecordId.TryParse("v6.example.com", "AAAA", out var id)
            ? new RecordState(id.Fqdn, id.Type)
            {
                Outcome = RecordOutcome.Skipped,
                Preserved = new Preservation(NotificationBench.Start, "no address"),
            }
            : throw new InvalidOperationException();

    private static Propagation Seen(bool done, DateTimeOffset at) => new(at, s_values, done, []);

    private Snapshot Verified()
    {
        RecordId.TryParse("home.example.com", "A", out var id);
        var record = new RecordState(id.Fqdn, id.Type)
        {
            Outcome = RecordOutcome.Noop,
            Desired = s_values,
            Current = s_values,
            Propagation = Seen(done: true, Now),
        };
        return new Snapshot { At = Now, Records = RecordStates.Of([record]) };
    }

    private bool IsVerified(Func<RecordState, RecordState> change) =>
        IsVerified((Snapshot s) => s with { Records = s.Records.WithEach(change) });

    private bool IsVerified(Func<Snapshot, Snapshot> change) =>
        VerifiedRule.IsVerified(change(Verified()), new NotificationOptions([]), Now);

    private string UrlOf(ChannelType type) =>
        type == ChannelType.UptimeKuma ? $"{_receiver.Root}api/push/secret-path" : _receiver.Url;

    private void Update() => _bench.State.Update(_ => Verified());

    private async Task<DeadManPings> StartAsync(ChannelType type)
    {
        Update();
        var channel = NotificationBench.Channel("ping", UrlOf(type), type);
        var options = new NotificationOptions([channel]) { NotInSyncAfter = TimeSpan.FromMinutes(3) };
        var pings = new DeadManPings(
            [new PingTarget(channel, new HttpSender(options, TimeProvider.System))],
            _bench.State,
            _bench.Leadership,
            options,
            new NotificationMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()),
            _bench.Time,
            new LoggerFactory([_bench.Logs]).CreateLogger<DeadManPings>()
        );
        await pings.StartAsync(Cancel);
        return pings;
    }

    private static async Task<SendResult> PingAsync(ChannelType type, string url)
    {
        using var sender = new HttpSender(new NotificationOptions([]), TimeProvider.System);
        return await new PingTarget(NotificationBench.Channel("ping", url, type), sender).PingAsync(Cancel);
    }

    /// <summary>Lets the interval pass again and again, until the condition holds.</summary>
    private Task TickUntilAsync(Func<bool> condition) =>
        Eventually.IsTrueAsync(() =>
        {
            if (condition())
                return true;
            _bench.Time.Advance(TimeSpan.FromMinutes(1));
            if (_bench.State.Current.Records.All(r => r.Propagation is not null))
                Update();
            return false;
        });
}
