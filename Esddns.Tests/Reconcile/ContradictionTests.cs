using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Tests.Support;

namespace Esddns.Tests.Reconcile;

/// <summary>Answers that contradict the DNS provider: delegations, refusals and silent servers.</summary>
public sealed class ContradictionTests : PropagationScenario
{
    [Fact]
    public async Task Delegation_IsAContradictionAtOnce()
    {
        Set(r => r with { LastWritten = _time.GetUtcNow() });
        _answers[0] = _answers[1] = Delegated;
        await CheckAsync();
        Assert.Contains(
            "refers to ns.example.org: home.example.com is a delegated zone",
            Record.Propagation!.Contradiction,
            StringComparison.Ordinal
        );
        Assert.Equal((SyncStatus.Failed, false), (Record.State, Record.Propagation.IsDone));
        Assert.False(await IsDriftAsync());

        _answers[0] = _answers[1] = Right;
        await CheckAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(SyncStatus.UpToDate, Record.State);
    }

    [Fact]
    public async Task Delegation_OtherServerUnavailable_IsAContradiction()
    {
        _answers[0] = Delegated;
        _answers[1] = q => DnsReply.To(q, 2);
        await CheckAsync();
        Assert.NotNull(Record.Propagation!.Contradiction);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(2, false)]
    public async Task Refusal_ByAll_IsAContradiction_FailureIsNot(int code, bool isOne)
    {
        _answers[0] = _answers[1] = q => DnsReply.To(q, code, aa: false);
        await CheckAsync();
        await CheckAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(isOne, Record.Propagation!.Contradiction is not null);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    public async Task Refusal_ByOneOfTwo_IsNotAContradiction(int otherCode, bool isOne)
    {
        _answers[0] = q => DnsReply.To(q, 5, aa: false);
        if (otherCode != 0)
            _answers[1] = q => DnsReply.To(q, otherCode);
        await CheckAsync();
        await CheckAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(isOne, Record.Propagation!.Contradiction is not null);
        Assert.False(await IsDriftAsync());
    }

    [Fact]
    public async Task UnavailableServers_NeitherStartNorEndAContradiction()
    {
        _answers[0] = _answers[1] = Delegated;
        await CheckAsync();
        var contradiction = Record.Propagation!.Contradiction;
        _answers[0] = _answers[1] = q => DnsReply.To(q, 2);
        await CheckAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((contradiction, false), (Record.Propagation!.Contradiction, Record.Propagation.IsDone));

        Set(r => r);
        await CheckAsync();
        await CheckAsync(TimeSpan.FromHours(1));
        Assert.Null(Record.Propagation!.Contradiction);
        Assert.False(await IsDriftAsync());
    }

    [Fact]
    public async Task RemovedRecord_Delegated_IsNotAContradiction()
    {
        Set(r => r with { Current = AddressSet.Empty, Desired = AddressSet.Empty });
        _answers[0] = _answers[1] = Delegated;
        await CheckAsync();
        Assert.Null(Record.Propagation!.Contradiction);
    }

    private static byte[] Delegated(byte[] query) =>
        DnsReply.To(query, aa: false, authority: [DnsReply.Pointing("home.example.com", Ns, "ns.example.org")]);
}
