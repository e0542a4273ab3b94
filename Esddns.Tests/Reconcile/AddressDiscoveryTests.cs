using System.Net;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>The memory of earlier rounds.</summary>
public sealed class AddressDiscoveryTests
{
    private const string Ours = "81.2.69.142";
    private const string Other = "81.2.69.160";
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly FakeSource _stun = new("stun://a.test", EvidenceClass.Stun, Ours);
    private readonly FakeSource _echo1 = new("http://b.test", EvidenceClass.Https, Ours);
    private readonly FakeSource _echo2 = new("http://c.test", EvidenceClass.Https, Ours);
    private readonly FakeSource _witness = new("https://d.test", EvidenceClass.Https, Ours);
    private WanState? _state;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnavailableParticipant_BlocksAChangeFor15Minutes()
    {
        await RunAsync(_stun, _echo1, _echo2);
        Assert.Equal(["a.test", "b.test", "c.test"], _state!.Participants.Select(p => p.Provider).Order());
        _echo2.Address = null;
        _stun.Address = _echo1.Address = Other;
        await RunAsync(_stun, _echo1, _echo2);
        Assert.Equal((VerdictKind.Disagreed, Ours), (_state.Verdict, _state.Address!.ToString()));
        Assert.Contains("c.test", _state.Reason, StringComparison.Ordinal);

        _time.Advance(AddressDiscovery.ParticipationWindow);
        await RunAsync(_stun, _echo1, _echo2);
        Assert.Equal((VerdictKind.Agreed, Other), (_state.Verdict, _state.Address!.ToString()));
        Assert.Equal(["a.test", "b.test"], _state.Participants.Select(p => p.Provider).Order());
    }

    [Fact]
    public async Task ConfirmationWithoutAProvider_KeepsTheProvider()
    {
        await RunAsync(_stun, _echo1, _echo2);
        _echo2.Address = null;
        await RunAsync(_stun, _echo1, _echo2);
        Assert.Equal(VerdictKind.Agreed, _state!.Verdict);
        _stun.Address = _echo1.Address = Other;
        await RunAsync(_stun, _echo1, _echo2);
        Assert.Equal(VerdictKind.Disagreed, _state.Verdict);
    }

    [Fact]
    public async Task ParticipantWithFutureTime_IsRemoved()
    {
        var tomorrow = _time.GetUtcNow() + TimeSpan.FromDays(1);
        _state = new WanState(IpFamily.IPv4)
        {
            Address = IPAddress.Parse(Ours),
            Participants = [new("c.test", tomorrow), new("d.test", tomorrow)],
        };
        _stun.Address = _echo1.Address = Other;
        await RunAsync(_stun, _echo1);
        Assert.Equal(Other, _state.Address!.ToString());
    }

    [Fact]
    public async Task FirstAgreement_WaitsAtMost15MinutesForAWitness()
    {
        _witness.Address = null;
        await RunAsync(_stun, _echo1, _witness);
        Assert.Equal((VerdictKind.Insufficient, null), (_state!.Verdict, _state.Address));
        Assert.Contains("no authenticated source", _state.Reason, StringComparison.Ordinal);
        Assert.Equal(DateTimeOffset.UnixEpoch, _state.AskedSince!.Value, TimeSpan.FromMinutes(1));
        _time.Advance(AddressDiscovery.ParticipationWindow);
        await RunAsync(_stun, _echo1, _witness);
        Assert.Equal((VerdictKind.Agreed, null), (_state.Verdict, _state.AskedSince));
    }

    [Fact]
    public async Task Change_WithoutWitness_IsNeverAccepted()
    {
        await RunAsync(_stun, _echo1, _witness);
        Assert.Equal(VerdictKind.Agreed, _state!.Verdict);
        _witness.Address = null;
        _stun.Address = _echo1.Address = Other;
        _time.Advance(10 * AddressDiscovery.ParticipationWindow);
        await RunAsync(_stun, _echo1, _witness);
        Assert.Equal((VerdictKind.Insufficient, Ours), (_state.Verdict, _state.Address!.ToString()));
        _witness.Address = Other;
        await RunAsync(_stun, _echo1, _witness);
        Assert.Equal(Other, _state.Address!.ToString());
    }

    [Fact]
    public async Task CarrierGradeNat_IsReported_UntilARoundShowsNone()
    {
        var carrierNat = new FakeSource("stun://e.test", EvidenceClass.Stun, "100.64.0.7");
        await RunAsync(_stun, _echo1, carrierNat);
        Assert.True(_state!.IsBehindCarrierNat);
        Assert.Equal(VerdictKind.Agreed, _state.Verdict);
        carrierNat.Address = Ours;
        await RunAsync(_stun, _echo1, carrierNat);
        Assert.False(_state.IsBehindCarrierNat);
    }

    [Fact]
    public async Task OtherNodes_SupportThisNode_ButCannotOutvoteIt()
    {
        _stun.Address = Other;
        await RunAsync([Node("e.test", Ours)], _stun, _echo1);
        Assert.Equal(VerdictKind.Disagreed, _state!.Verdict);

        // An address that this host does not observe.
        _stun.Address = Ours;
        await RunAsync([Node("e.test", Other), Node("f.test", Other)], _stun, _echo1);
        Assert.Equal((VerdictKind.Agreed, Ours), (_state.Verdict, _state.Address!.ToString()));
        Assert.Equal(2, _state.Votes.Length);

        await RunAsync([Node("e.test", Ours), Node("e.test", Ours)], _stun, _echo1);
        Assert.Equal("n1", Assert.Single(_state.Votes, v => v.Via is not null).Via);
        // An observation of another node counts, so this host does not repeat it.
        Assert.Equal(["a.test", "b.test"], _state.Participants.Select(p => p.Provider).Order());
    }

    [Fact]
    public async Task OtherNodes_DoNotCountForAProviderThatAnsweredHere()
    {
        await RunAsync(_stun, _echo1, _echo2, _witness);
        _witness.Address = Other;
        await RunAsync([Node("a.test", Other)], _stun, _echo1, _echo2, _witness);
        Assert.Equal((VerdictKind.Agreed, Ours), (_state!.Verdict, _state.Address?.ToString()));
        Assert.DoesNotContain(_state.Votes, v => v.Via is not null);
    }

    [Fact]
    public async Task Change_StoresItsTimeAndThePreviousAddress()
    {
        await RunAsync(_stun, _echo1);
        var since = _state!.Since;
        await RunAsync(_stun, _echo1);
        Assert.Equal((since, null), (_state.Since, _state.Previous));
        Assert.True(_state.CheckedAt > since);
        _stun.Address = _echo1.Address = Other;
        await RunAsync(_stun, _echo1);
        Assert.Equal(Ours, _state.Previous!.ToString());
        Assert.True(_state.Since > since);
        since = _state.Since;
        await RunAsync(_stun, _echo1);
        Assert.Equal((since, Ours), (_state.Since, _state.Previous?.ToString()));
    }

    private static Observation.Seen Node(string provider, string address) =>
        new(new SourceId($"http://{provider}", EvidenceClass.Https, provider, "n1"), IPAddress.Parse(address));

    private sealed class Nodes(Observation.Seen[] seen) : IPeerObservations
    {
        public IEnumerable<Observation.Seen> Of(IpFamily family) => seen;
    }

    private Task RunAsync(params FakeSource[] sources) => RunAsync([], sources);

    private async Task RunAsync(Observation.Seen[] others, params FakeSource[] sources)
    {
        using var metrics = ActivatorUtilities.CreateInstance<OperatorMetrics>(
            new ServiceCollection().AddMetrics().BuildServiceProvider()
        );
        var round = new AddressDiscovery(
            FakeSource.Poller(_time, sources),
            [new Nodes(others)],
            new HostAddresses(),
            new AgreementOptions(),
            new ConvergenceClock(_time),
            metrics,
            _time,
            NullLogger<AddressDiscovery>.Instance
        );
        var running = round.RunAsync(IpFamily.IPv4, _state, Cancel);
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            return running.IsCompleted;
        });
        _state = await running;
    }
}
