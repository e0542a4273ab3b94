using System.Text;
using System.Text.Json;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Net;
using Esddns.Operator.State;

namespace Esddns.Tests.State;

/// <summary>
/// The JSON of the state: a user may have edited it, so the reader accepts it completely or not at all.
/// </summary>
public sealed class SnapshotJsonTests
{
    [Theory]
    [InlineData("null", "it is null")]
    [InlineData("""{"records":[],"wan":[null]}""", "incomplete address")]
    [InlineData("""{"records":[],"wan":[{"family":"IPv4","votes":[null]}]}""", "incomplete address")]
    [InlineData(
        """{"records":[],"wan":[{"family":"IPv4","participants":[{"at":"2026-01-01T00:00:00Z"}]}]}""",
        "incomplete participant"
    )]
    [InlineData("""{"records":[],"wan":[{"family":"IPv4","participants":[null]}]}""", "incomplete participant")]
    [InlineData("""{"records":[],"history":[null]}""", "incomplete change")]
    [InlineData(
        """{"records":[],"history":[{"by":"me","fqdn":"a.example.com","to":["192.0.2.1"]}]}""",
        "incomplete change"
    )]
    [InlineData("""{"records":[],"nodes":[{"count":1,"names":[]}]}""", "incomplete node view")]
    [InlineData("""{"records":[],"nodes":[{"count":1,"address":"192.0.2.1"}]}""", "incomplete node view")]
    public void IncompleteState_IsRefusedWithReason(string json, string mistake)
    {
        Assert.Null(SnapshotJson.Read(Encoding.UTF8.GetBytes(json), out var found));
        Assert.Equal(mistake, found);
    }

    [Theory]
    [InlineData("""{"records":[],"nodes":[{"count":1,"address":1,"names":[]}]}""")]
    [InlineData("""{"records":[],"nodes":[{"count":1,"address":"example","names":[]}]}""")]
    [InlineData("""{"records":[],"transitions":{}}""")]
    [InlineData("""{"records":[]""")]
    public void InvalidJson_IsRefused(string json)
    {
        Assert.Null(SnapshotJson.Read(Encoding.UTF8.GetBytes(json), out var found));
        Assert.NotEmpty(found!);
    }

    /// <summary>A later version may write other conditions. The values of ours are not lost for them.</summary>
    [Fact]
    public void UnknownConditions_AreLeftOut()
    {
        const string json = """
            {"records":[{"fqdn":"a.example.com","type":"A","ours":["192.0.2.1"],"condition":"Fine"}],
             "transitions":["yesterday a.example.com A InSync -",null,
                            "2026-01-31T12:00:00.0000000Z a.example.com A - Fine",
                            "2026-01-31T12:00:00.0000000Z a.example.com A - InSync"]}
            """;
        var snapshot = SnapshotJson.Read(Encoding.UTF8.GetBytes(json), out _)!;
        Assert.Equal("192.0.2.1", snapshot.Records.Single().Ours.ToString());
        Assert.Null(snapshot.Records.Single().Condition);
        Assert.Equal(SyncCondition.InSync, snapshot.Transitions.Entries.Single().To);
    }

    [Fact]
    public void CompleteState_IsRead()
    {
        const string json = """
            {"records":[],"nodes":[{"address":"192.0.2.1","count":1,"names":["a"]}],
             "wan":[{"family":"IPv4","votes":[],"participants":[{"provider":"a.test","at":"2026-01-01T00:00:00Z"}]}],
             "history":[{"at":"2026-01-01T00:00:00Z","by":"me","fqdn":"a.example.com","type":"A","to":["192.0.2.1"],
                         "why":"start"}]}
            """;
        var snapshot = SnapshotJson.Read(Encoding.UTF8.GetBytes(json), out var mistake);
        Assert.Null(mistake);
        Assert.Equal((1, 1, 1), (snapshot!.Nodes.Length, snapshot.Wan.Length, snapshot.History.Length));
    }

    [Fact]
    public void CompactForm_HasTheSameContent()
    {
        var wan = new WanState(IpFamily.IPv4) { Votes = [new Vote("é", "b", EvidenceClass.Dns, null, false, "none")] };
        var snapshot = Snapshot.Empty with { Wan = [wan], By = "me" };
        var whole = JsonSerializer.Serialize(snapshot, SnapshotJson.Default.Snapshot);
        var compact = JsonSerializer.Serialize(snapshot, SnapshotJson.Compact.Snapshot);
        Assert.Contains('\n', whole);
        Assert.DoesNotContain("null", whole + compact, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', compact);
        Assert.Contains('é', compact);
        foreach (var text in (string[])[whole, compact])
        {
            var read = SnapshotJson.Read(Encoding.UTF8.GetBytes(text), out _)!;
            Assert.Equal(whole, JsonSerializer.Serialize(read, SnapshotJson.Default.Snapshot));
        }

        Assert.Same(SnapshotJson.Compact, SnapshotJson.Compact);
    }
}
