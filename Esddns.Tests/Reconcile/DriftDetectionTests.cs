using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Tests.Support;

namespace Esddns.Tests.Reconcile;

/// <summary>Answers with other values or another TTL, which can be drift.</summary>
public sealed class DriftDetectionTests : PropagationScenario
{
    [Fact]
    public async Task OtherValue_AfterAWrite_IsAContradictionOnlyAfterTheUsualDelay()
    {
        Set(r => r with { LastWritten = _time.GetUtcNow() });
        _answers[0] = Other;
        await CheckAsync();
        await CheckAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((SyncStatus.UpToDate, false), (Record.State, Record.Propagation!.IsDone));

        await CheckAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(SyncStatus.Failed, Record.State);
        Assert.Contains("answers 192.0.2.99", Record.Reason, StringComparison.Ordinal);
        Assert.False(await IsDriftAsync(), "one of two servers is late");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OtherValue_OfAll_IsDrift_AndAContradictionAtTheSecondCheck(bool isAlias)
    {
        await CheckAsync();
        _answers[0] = _answers[1] = isAlias ? Alias : Other;
        await CheckAsync(TimeSpan.FromMinutes(5));
        Assert.True(await IsDriftAsync());
        Assert.Null(Record.Propagation!.Contradiction);

        await CheckAsync(TimeSpan.FromSeconds(5));
        Assert.NotNull(Record.Propagation!.Contradiction);
    }

    [Fact]
    public async Task OtherValue_OfAllAnsweringServers_IsDrift()
    {
        (_answers[0], _answers[1]) = (Other, q => DnsReply.To(q, 2));
        await CheckAsync();
        Assert.True(await IsDriftAsync());
    }

    [Fact]
    public async Task DifferentOtherValues_AreNotDrift()
    {
        (_answers[0], _answers[1]) = (Other, q => DnsReply.To(q, answers: [Own(q, "192.0.2.98")]));
        await CheckAsync();
        Assert.False(await IsDriftAsync());
    }

    [Fact]
    public async Task OtherTtl_IsDrift_NotAContradiction()
    {
        _answers[0] = _answers[1] = q =>
            DnsReply.To(q, answers: [DnsReply.A("home.example.com", "192.0.2.1", ttl: 86_400)]);
        await CheckAsync();
        Assert.True(await IsDriftAsync());
        await CheckAsync(TimeSpan.FromMinutes(5));
        var seen = Record.Propagation!;
        Assert.Equal((false, null, SyncStatus.UpToDate), (seen.IsDone, seen.Contradiction, Record.State));
    }

    [Fact]
    public async Task OtherTtl_OfAPreservedRecord_IsNotDrift()
    {
        var preserved = new Preservation(_time.GetUtcNow(), "foreign");
        Set(r => r with { Outcome = RecordOutcome.Preserved, Preserved = preserved });
        _answers[0] = _answers[1] = q =>
            DnsReply.To(q, answers: [DnsReply.A("home.example.com", "192.0.2.1", ttl: 86_400)]);
        await CheckAsync();
        Assert.True(Record.Propagation!.IsDone);
    }

    [Fact]
    public async Task RemovedRecord_BelowAWildcard_IsNotDrift()
    {
        Set(r => r with { Current = AddressSet.Empty, Desired = AddressSet.Empty });
        _answers[0] = _answers[1] = q => DnsReply.To(q, answers: [Own(q, "192.0.2.8")]);
        await CheckAsync();
        Assert.True(Record.Propagation!.IsDone);
        Assert.False(await IsDriftAsync());
    }

    [Fact]
    public async Task NonCanonicalValues_MatchTheirServedAddresses()
    {
        Set(r => r with { Unparsed = ["010.1.1.1"] });
        byte[][] stored = [DnsReply.A("home.example.com", "192.0.2.1"), DnsReply.A("home.example.com", "8.1.1.1")];
        _answers[0] = _answers[1] = q => DnsReply.To(q, answers: stored);
        await CheckAsync();
        Assert.True(Record.Propagation!.IsDone);
    }

    private static byte[] Own(byte[] query, string address) => DnsReply.A(DnsReply.Name(query), address);

    private static byte[] Alias(byte[] query) =>
        DnsReply.Name(query) == "home.example.com"
            ? DnsReply.To(query, answers: [DnsReply.Pointing("home.example.com", Cname, "a.example.org")])
            : DnsReply.To(query, 3, authority: [DnsReply.Soa("example.com")]);
}
