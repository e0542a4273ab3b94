using System.Net;
using System.Text;
using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Events;
using Esddns.Operator.Notifications.Queue;
using Esddns.Operator.State;

namespace Esddns.Tests.Notifications;

/// <summary>Which events a state contains. The ledger is stored and read again after each step.</summary>
public sealed class EventFinderTests : IDisposable
{
    private readonly NotificationBench _bench = new();
    private readonly NotificationOptions _options = new([NotificationBench.Channel("hook", "http://127.0.0.1/")]);
    private Ledger _ledger = Ledger.Empty;

    public EventFinderTests() => Find();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void OutOfSync_IsFoundAfterTheTime_AndResolvedOnce()
    {
        _bench.Record(isInSync: true);
        Advance(60);
        _bench.Record(isInSync: false, "zone not found");
        Advance(899);
        Assert.Empty(Find());
        Advance(1);
        var found = Assert.Single(Find());
        Assert.Equal("home.example.com A is not in sync", found.Title);
        Assert.Equal("since 2026-11-27 03:01:00 UTC: zone not found", found.Detail);
        Assert.Equal(_bench.Time.GetUtcNow(), found.At);
        Advance(900);
        Assert.Empty(Find());
        _bench.Record(isInSync: true);
        Assert.Equal(EventKind.Resolved, Assert.Single(Find()).Kind);
        Assert.Empty(Find());
    }

    [Fact]
    public void ShortOutOfSync_IsNotTold()
    {
        _bench.Record(isInSync: true);
        _bench.Record(isInSync: false);
        Advance(800);
        Assert.Empty(Find());
        _bench.Record(isInSync: true);
        Advance(800);
        _bench.Record(isInSync: false);
        Advance(800);
        Assert.Empty(Find());
    }

    [Fact]
    public void RemovedRecord_EndsItsIncidentSilently()
    {
        _bench.Record(isInSync: false);
        Advance(900);
        Assert.Single(Find());
        _bench.State.Update(s => s with { Records = RecordStates.Empty });
        Assert.Empty(Find());
        Assert.Empty(_ledger.Incidents);
    }

    [Fact]
    public void ForeignEditAndWrite_AreFoundOnce()
    {
        _bench.Record(isInSync: true);
        Advance(1);
        var (from, to) = (AddressSet.Of(IPAddress.Parse("203.0.113.1")), AddressSet.Of(IPAddress.Parse("192.0.2.9")));
        var now = _bench.Time.GetUtcNow();
        _bench.State.Update(s =>
            s with
            {
                Records = s.Records.WithEach(r => r with { LastDrift = new Drift(now, from, to) }),
                History = [new Change(now, "a", Home.Fqdn, Home.Type, to, from, "Drift: 3 providers", 1)],
            }
        );
        var found = Find();
        Assert.Equal([EventKind.RecordCorrected, EventKind.ForeignEdit], found.Select(e => e.Kind).Order());
        Assert.Contains(found, e => e.Detail == "from 203.0.113.1 to 192.0.2.9");
        Advance(60);
        Assert.Empty(Find());
    }

    /// <summary>The clock of a new leader may be behind that of its predecessor.</summary>
    [Fact]
    public void EventBeforeAnotherOne_IsFound()
    {
        Advance(600);
        _bench.Change("203.0.113.1", "203.0.113.2");
        Assert.Single(Find());
        var earlier = _bench.Time.GetUtcNow() - TimeSpan.FromMinutes(5);
        _bench.State.Update(s =>
            s with
            {
                History = [new Change(earlier, "b", Home.Fqdn, Home.Type, null, AddressSet.Empty, "Timer", null)],
            }
        );
        Assert.Equal(EventKind.RecordCorrected, Assert.Single(Find()).Kind);
        Assert.Empty(Find());
    }

    [Fact]
    public void Token_IsToldAtEachStepOnce()
    {
        _bench.Token = new TokenExpiry(NotificationBench.Start.AddDays(31), "create a new one");
        Assert.Empty(Find());
        var titles = new List<string>();
        for (var day = 0; day < 34; day++)
        {
            Advance(86_400);
            titles.AddRange(Find().Select(e => e.Title["The token of the DNS provider ".Length..]));
        }

        Assert.Equal(["ends within 30 days", "ends within 7 days", "ends within a day", "has ended"], titles);
    }

    [Fact]
    public void Leader_IsToldWhenItIsAnother()
    {
        _bench.State.Update(s => s with { Leader = "a_1" });
        Assert.Empty(Find());
        _bench.State.Update(s => s with { Leader = "b_2" });
        Assert.Equal(("b_2 is the leader now", "was a_1"), (Find() is [var e] ? (e.Title, e.Detail) : default));
        Assert.Empty(Find());
    }

    [Fact]
    public void NewKind_DoesNotTellThePast()
    {
        _ledger = _ledger with { Kinds = "AddressChanged" };
        _bench.Change("203.0.113.1", "203.0.113.2");
        Assert.Empty(Find());
        Assert.Empty(Find());
    }

    [Fact]
    public void UnchangedState_KeepsTheLedger() => Assert.Same(_ledger, Finder().Find(State, _ledger, Now));

    [Fact]
    public void ManyEvents_KeepTheLedgerBounded()
    {
        for (var i = 0; i < 2000; i++)
        {
            Advance(1);
            _bench.Change("203.0.113.1", $"198.51.100.{i % 250}");
            Find();
        }

        Assert.InRange(_ledger.Seen.Entries.Length, 1, 400);
        Assert.Equal(Ledger.MaxQueue, _ledger.Queue.Length);
        Assert.Equal(2000 - Ledger.MaxQueue, _ledger.DroppedFor("hook"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kinds":null}""")]
    [InlineData("""{"kinds":"","token":7}""")]
    public void UnreadableLedger_IsReported(string json) =>
        Assert.ThrowsAny<JsonException>(() => LedgerJson.Read(Encoding.UTF8.GetBytes(json)));

    private static RecordId Home => RecordId.TryParse("home.example.com", "A", out var id) ? id : default;

    private Snapshot State => _bench.State.Current;

    private DateTimeOffset Now => _bench.Time.GetUtcNow();

    private EventFinder Finder() => new(_options, _bench.Token is null ? [] : [_bench.Token]);

    private void Advance(int seconds) => _bench.Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>The events that one pass finds, by a process that has only the stored ledger.</summary>
    private NotificationEvent[] Find()
    {
        var before = _ledger.Queue.Length;
        var after = Finder().Find(State, _ledger, Now);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
            LedgerJson.Write(writer, after);
        _ledger = LedgerJson.Read(bytes.ToArray());
        return [.. after.Queue.Skip(before).Select(q => q.Event)];
    }
}
