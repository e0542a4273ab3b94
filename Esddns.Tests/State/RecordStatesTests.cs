using System.Net;
using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Tests.State;

/// <summary>The states of records: each identity is unique, and ownership is not lost.</summary>
public sealed class RecordStatesTests
{
    private static readonly RecordState s_a = State("a.example.com");
    private static readonly RecordState s_b = State("b.example.com");

    [Fact]
    public void Order_IsKept()
    {
        var states = RecordStates.Of([s_b, s_a]);
        Assert.Equal([s_b, s_a], states);
        Assert.Equal((2, s_b, s_a), (states.Count, states[0], states[s_a.Id]));
        Assert.Null(states[State("c.example.com").Id]);
    }

    [Fact]
    public void DuplicateIdentity_MergesOwnership()
    {
        var first = s_a with { Ours = Set("192.0.2.1"), Ttl = 300 };
        var second = s_a with { Ours = Set("192.0.2.2"), Former = [IPAddress.Parse("192.0.2.3")], Ttl = 600 };
        var merged = Assert.Single(RecordStates.Of([first, second]));
        Assert.Equal(300, merged.Ttl);
        Assert.Equal(Set("192.0.2.1", "192.0.2.2", "192.0.2.3"), merged.OursEver);
    }

    [Fact]
    public void With_ChangesOnlyTheGivenRecord()
    {
        var states = RecordStates.Of([s_a, s_b]);
        var changed = states.With(s_a.Id, r => r with { Ttl = 60 });
        Assert.Equal([60, 0], changed.Select(r => r.Ttl));
        Assert.Equal(0, states[0].Ttl);
        Assert.Same(states, states.With(State("c.example.com").Id, r => r with { Ttl = 60 }));
    }

    [Fact]
    public void WithEach_ChangesTheRecordsThatTheFunctionChanges()
    {
        var states = RecordStates.Of([s_a, s_b]);
        var changed = states.WithEach(r => r == s_b ? r with { Ttl = 60 } : r);
        Assert.Equal([0, 60], changed.Select(r => r.Ttl));
        Assert.Equal(60, changed[s_b.Id]?.Ttl);
        Assert.Equal(0, states[1].Ttl);
        Assert.Same(states, states.WithEach(r => r));
    }

    /// <summary>A round changes each record a few times.</summary>
    [Fact]
    public void ChangeOfEachRecord_AllocatesInProportionToTheirNumber()
    {
        Assert.InRange(AllocatedBy(10_000) / AllocatedBy(1_000), 1, 20);

        static double AllocatedBy(int count)
        {
            var states = RecordStates.Of(Enumerable.Range(0, count).Select(i => State($"{i}.example.com")));
            var ids = states.Select(r => r.Id).ToArray();
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var id in ids)
                states = states.With(id, r => r with { Ttl = 60 });
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void FormerValues_AreTheNewestSixteen_WithoutTheCurrentOnes()
    {
        var record = s_a;
        for (var i = 1; i <= 20; i++)
            record = record.WithOurs(Set($"192.0.2.{i}"));
        Assert.Equal(Enumerable.Range(4, 16).Reverse().Select(i => IPAddress.Parse($"192.0.2.{i}")), record.Former);
        record = record.WithOurs(Set("192.0.2.10"));
        Assert.DoesNotContain(IPAddress.Parse("192.0.2.10"), record.Former);
        Assert.Equal(IPAddress.Parse("192.0.2.20"), record.Former[0]);
        Assert.Equal(RecordState.MaxFormer, record.Former.Length);
    }

    [Fact]
    public void Json_OfEarlierVersions_IsRead()
    {
        const string old = """
            [{"key":{"zone":"example.com","name":"home","type":"AAAA"},
              "lastSuccess":"2026-01-01T00:00:00Z","lastUpdate":"2026-01-02T00:00:00Z"},
             {"key":{"zone":"example.com","name":"@","type":"A"}}]
            """;
        var states = Read(old)!;
        Assert.Equal(["home.example.com AAAA", "example.com A"], states.Select(s => s.Id.ToString()));
        Assert.Equal((1, 2), (states[0].LastVerified!.Value.Day, states[0].LastWritten!.Value.Day));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("""[{"type":"A"}]""")]
    [InlineData("""[{"fqdn":"a.example.com","type":"A","key":{"name":"a","type":"A"}}]""")]
    [InlineData("""[{"fqdn":"a.example.com","type":"A","preserved":{"since":"2026-01-01T00:00:00Z"}}]""")]
    [InlineData("""[{"fqdn":"a.example.com","type":"A","sent":{}}]""")]
    [InlineData("""[{"fqdn":"a.example.com","type":"A","lastError":{"at":"2026-01-01T00:00:00Z","type":"x"}}]""")]
    [InlineData("""[{"fqdn":"a.example.com","type":"A","propagation":{"at":"2026-01-01T00:00:00Z","others":[]}}]""")]
    [InlineData("""[{"fqdn":"a.example.com","type":"A","lastDrift":{"at":"2026-01-01T00:00:00Z","from":[]}}]""")]
    [InlineData("""[{"fqdn":"a.example.com","type":"A","former":[null]}]""")]
    [InlineData("""[{"fqdn":"a.example.com","type":"A","unread":[null]}]""")]
    public void Json_IncompleteRecord_IsRefused(string json) => Assert.Throws<JsonException>(() => Read(json));

    [Fact]
    public void Json_RoundTrips()
    {
        var states = RecordStates.Of([s_b with { Ttl = 60, Ours = Set("192.0.2.1") }, s_a]);
        Assert.Equal(states.Select(s => (s.Id, s.Ttl, s.Ours)), Read(Json(states))!.Select(s => (s.Id, s.Ttl, s.Ours)));
    }

    private static RecordStates? Read(string records) =>
        JsonSerializer.Deserialize($$"""{"records":{{records}}}""", SnapshotJson.Default.Snapshot)?.Records;

    private static string Json(RecordStates states)
    {
        using var document = JsonDocument.Parse(
            JsonSerializer.Serialize(Snapshot.Empty with { Records = states }, SnapshotJson.Default.Snapshot)
        );
        return document.RootElement.GetProperty("records").GetRawText();
    }

    private static RecordState State(string name) => new(Fqdn.Parse(name), RecordType.A);

    private static AddressSet Set(params string[] addresses) => new(addresses.Select(IPAddress.Parse));
}
