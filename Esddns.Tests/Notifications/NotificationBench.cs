using System.Diagnostics.Metrics;
using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.Events;
using Esddns.Operator.Notifications.Mail;
using Esddns.Operator.Notifications.Queue;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Notifications;

/// <summary>The queue of notifications in this process, with real sockets and fake time.</summary>
internal sealed class NotificationBench : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LoggerFactory _loggers;
    private readonly MeterListener _listener = new();
    private readonly List<IDisposable> _disposables = [];
    private readonly IMeterFactory _meters;

    public NotificationBench()
    {
        _loggers = new LoggerFactory([Logs]);
        _meters = _services.GetRequiredService<IMeterFactory>();
        State = NewState();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == _meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, _, tags, _) =>
            {
                lock (Sent)
                    Sent.Add(string.Join(' ', tags.ToArray().Select(t => t.Value)));
            }
        );
        _listener.SetMeasurementEventCallback<int>((_, value, _, _) => Queued = value);
        _listener.Start();
    }

    public FakeTimeProvider Time { get; } = new(Start);

    public CountingLogs Logs { get; } = new();

    public StateStore State { get; set; }

    public FakeLeadership Leadership { get; } = new();

    /// <summary>Channel and outcome of each counted attempt.</summary>
    public List<string> Sent { get; } = [];

    public int Queued { get; private set; }

    public TokenExpiry? Token { get; set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static ChannelOptions Channel(
        string name,
        string url,
        ChannelType type = ChannelType.Webhook,
        string? token = null,
        string? template = null,
        params EventKind[] events
    ) =>
        new()
        {
            Name = name,
            Type = type,
            Events = [.. (events.Length == 0 ? Enum.GetValues<EventKind>() : events).Select(e => e.ToString())],
            Url = new ChannelSecret(url, null),
            Secret = token is null ? null : new ChannelSecret(token, null),
            Template = template,
            Room = "!room:example.com",
        };

    public StateStore NewState() =>
        new(new StateFile(new StateOptions { File = null }, Time, _loggers.CreateLogger<StateFile>()), Time);

    /// <summary>A process with its own connections. All processes of a bench have the same state and clock.</summary>
    public Notifier Process(ILedgerStore store, params ChannelOptions[] channels) =>
        Process(store, new NotificationOptions(channels));

    public Notifier Process(ILedgerStore store, NotificationOptions options)
    {
        var http = new HttpSender(options, Time);
        var metrics = new NotificationMetrics(_meters);
        _disposables.AddRange([http, metrics]);
        return new Notifier(
            State,
            new EventFinder(options, Token is null ? [] : [Token]),
            store,
            new Delivery(
                options,
                [
                    .. options.Channels.Select(c =>
                        c.Type == ChannelType.Smtp
                            ? (IChannel)new MailChannel(c, options, Time)
                            : new HttpChannel(c, http)
                    ),
                ],
                new RetryRule(new Random(1)),
                metrics,
                Time,
                _loggers.CreateLogger<Delivery>()
            ),
            Leadership,
            Time,
            _loggers.CreateLogger<Notifier>()
        );
    }

    public LedgerFile File(string? stateFile) =>
        new(new StateOptions { File = stateFile }, _loggers.CreateLogger<LedgerFile>());

    /// <summary>Runs passes until nothing more is due.</summary>
    public static async Task RunAsync(Notifier process)
    {
        while (await process.RunOnceAsync(Cancel))
            await process.NextResult;
    }

    /// <summary>Ends the burst window, and runs passes until nothing more is due.</summary>
    public async Task RunAfterAsync(Notifier process, TimeSpan wait)
    {
        Time.Advance(wait);
        await RunAsync(process);
    }

    /// <summary>The agreed address changes.</summary>
    public void Change(string before, string after) =>
        State.Update(s =>
            s with
            {
                Wan =
                [
                    new WanState(IpFamily.IPv4)
                    {
                        Address = IPAddress.Parse(after),
                        Previous = IPAddress.Parse(before),
                        Since = Time.GetUtcNow(),
                        Verdict = VerdictKind.Agreed,
                    },
                ],
            }
        );

    /// <summary>The record is written, as the history of the state tells.</summary>
    public void Write(string before, string after) =>
        State.Update(s =>
        {
            RecordId.TryParse("home.example.com", "A", out var id);
            var (from, to) = (AddressSet.Of(IPAddress.Parse(before)), AddressSet.Of(IPAddress.Parse(after)));
            var change = new Change(Time.GetUtcNow(), "pod", id.Fqdn, id.Type, from, to, "Canary", null);
            return s with { History = [change, .. s.History.Take(Snapshot.MaxHistory - 1)] };
        });

    /// <summary>Sets the condition of home.example.com, as a round does.</summary>
    public void Record(bool isInSync, string? reason = null) =>
        State.Update(s =>
        {
            RecordId.TryParse("home.example.com", "A", out var id);
            var now = Time.GetUtcNow();
            var record = s.Records.StateOf(id) with
            {
                Outcome = isInSync ? RecordOutcome.Noop : RecordOutcome.Failed,
                LastError = isInSync ? null : new RecordError(now, "network", reason ?? "no route"),
                LastAttempt = now,
            };
            return TransitionRule.Apply(s with { Records = RecordStates.Of([record]) }, now);
        });

    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose()
    {
        _disposables.ForEach(d => d.Dispose());
        _listener.Dispose();
        _loggers.Dispose();
        _services.Dispose();
        Leadership.Dispose();
        Logs.Dispose();
    }

    internal sealed class FakeLeadership : ILeadership, IDisposable
    {
        private readonly CancellationTokenSource _end = new();

        public bool IsLeader { get; set; } = true;

        public CancellationToken LeadershipLost => _end.Token;

        public void Lose()
        {
            IsLeader = false;
            _end.Cancel();
        }

        public void Dispose() => _end.Dispose();
    }
}
