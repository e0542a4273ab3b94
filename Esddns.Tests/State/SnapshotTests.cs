using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.State;

namespace Esddns.Tests.State;

public sealed class SnapshotTests
{
    private static readonly RecordState s_good = new(Fqdn.Parse("a.example.com"), RecordType.A)
    {
        Outcome = RecordOutcome.Noop,
    };
    private static readonly RecordState s_open = new(Fqdn.Parse("b.example.com"), RecordType.A);

    [Fact]
    public void InSync_NeedsRecordsThatAreAllInSync()
    {
        Assert.False(Snapshot.Empty.InSync);
        Assert.True(With(s_good).InSync);
        Assert.False(With(s_good, s_open).InSync);
    }

    [Fact]
    public void WanOf_ReturnsTheFamily()
    {
        var snapshot = Snapshot.Empty with { Wan = [new WanState(IpFamily.IPv6) { Reason = "six" }] };
        Assert.Equal("six", snapshot.WanOf(IpFamily.IPv6)?.Reason);
        Assert.Null(snapshot.WanOf(IpFamily.IPv4));
    }

    /// <summary>The generated reader sets the fields that an older state lacks to null.</summary>
    [Fact]
    public void MissingFields_AreEmpty()
    {
        var wan = new WanState(IpFamily.IPv4)
        {
            Signs = default,
            Participants = default,
            Votes = default,
        };
        Assert.Equal((0, 0, 0), (wan.Signs.Length, wan.Participants.Length, wan.Votes.Length));
        Assert.Equal("a sign", Assert.Single((wan with { Signs = ["a sign"] }).Signs));
        var snapshot = Snapshot.Empty with
        {
            By = null!,
            Nodes = default,
            Wan = default,
            Records = null!,
            History = default,
            Transitions = null!,
        };
        Assert.Equal(
            ("", 0, 0, 0, 0),
            (snapshot.By, snapshot.Nodes.Length, snapshot.Wan.Length, snapshot.Records.Count, snapshot.History.Length)
        );
        Assert.Same(Transitions.None, snapshot.Transitions);
    }

    [Theory]
    [InlineData("/var/lib", "/home/me", "/var/lib/esddns/state.json")]
    [InlineData("state", "/home/me", "/home/me/.local/state/esddns/state.json")]
    [InlineData("", "/home/me", "/home/me/.local/state/esddns/state.json")]
    [InlineData(null, "/home/me", "/home/me/.local/state/esddns/state.json")]
    [InlineData(null, "", null)]
    public void DefaultFile_IsInTheStateFolder(string? stateHome, string home, string? expected) =>
        Assert.Equal(expected, StateOptions.DefaultFile(stateHome, home));

    private static Snapshot With(params RecordState[] records) =>
        Snapshot.Empty with
        {
            Records = RecordStates.Of(records),
        };
}
