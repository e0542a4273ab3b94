using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Reconcile.Verification;
using Esddns.Operator.State;

namespace Esddns.Tests.Reconcile;

/// <summary>The combined result of the answers of several name servers.</summary>
public sealed class PropagationRuleTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly AddressSet s_ours = AddressSet.Of(IPAddress.Parse("192.0.2.1"));
    private static readonly AddressSet s_other = AddressSet.Of(IPAddress.Parse("192.0.2.99"));

    [Fact]
    public void NoServers_IsNotDone() => Assert.False(Judge(New()).Propagation.IsDone);

    [Theory]
    [InlineData(null, false, true)]
    [InlineData(null, true, false)]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void OtherValue_IsDrift_UnlessAWriteIsPropagating(bool? wasDone, bool isOnItsWay, bool isDrift)
    {
        var record = New() with { Propagation = wasDone is { } done ? Before(done) : null };
        Assert.Equal(isDrift, Judge(record, isOnItsWay, Serves("a", s_other)).IsDrift);
    }

    [Fact]
    public void OtherTtl_OfAnEmptyRecord_IsNotDrift()
    {
        var record = New() with { Current = AddressSet.Empty, Desired = AddressSet.Empty };
        Assert.True(Judge(record, false, Serves("a", AddressSet.Empty, ttl: 60)).Propagation.IsDone);
    }

    [Fact]
    public void OtherZoneAndNotResponsible_ContradictAtOnce() =>
        Assert.NotNull(
            Judge(
                New(),
                true,
                Is("a", ServerAnswerKind.OtherZone),
                Is("b", ServerAnswerKind.NotResponsible)
            ).Propagation.Contradiction
        );

    [Fact]
    public void NotResponsibleAndUnavailable_DoNotContradict() =>
        Assert.Null(
            Judge(
                New(),
                true,
                Is("a", ServerAnswerKind.NotResponsible),
                Is("b", ServerAnswerKind.Unknown)
            ).Propagation.Contradiction
        );

    [Fact]
    public void OtherZoneAndOtherValue_DoNotContradictAtOnce() =>
        Assert.Null(
            Judge(New(), true, Is("a", ServerAnswerKind.OtherZone), Serves("b", s_other)).Propagation.Contradiction
        );

    [Fact]
    public void Contradiction_NamesThreeServers_AndCountsTheOthers()
    {
        Assert.Equal("a is; b is; c is", Contradiction("a", "b", "c"));
        Assert.Equal("a is; b is; c is; and 1 more", Contradiction("a", "b", "c", "d"));
    }

    [Fact]
    public void IsInDoubt_OnlyForADifferenceWithoutContradiction()
    {
        Assert.True(IsInDoubt(New(), Serves("a", s_ours), Serves("b", s_other)));
        Assert.False(IsInDoubt(New(), Serves("a", s_ours), Is("b", ServerAnswerKind.Unknown)), "silence");
        Assert.False(IsInDoubt(New(), Serves("a", s_ours, ttl: 60)), "the right values");
        Assert.False(IsInDoubt(New(), Is("a", ServerAnswerKind.OtherZone)), "the result is certain");
        Assert.False(IsInDoubt(New(), Serves("a", s_ours)), "all servers serve the record");
    }

    [Fact]
    public void Values_WithNonAddressText_MustAllBeServed()
    {
        var record = New() with { Unparsed = ["010.1.1.1"] };
        Assert.True(Judge(record, false, Serves("a", s_ours.With(s_other))).Propagation.IsDone);
        Assert.False(Judge(record, false, Serves("a", s_other)).Propagation.IsDone);
        Assert.False(Judge(New(), false, Serves("a", s_ours.With(s_other))).Propagation.IsDone);
    }

    private static RecordState New() =>
        new(Fqdn.Parse("home.example.com"), RecordType.A)
        {
            Ttl = 300,
            Desired = s_ours,
            Current = s_ours,
            Outcome = RecordOutcome.Noop,
        };

    private static Propagation Before(bool isDone) => new(s_now, s_ours, isDone, [], null, 1);

    private static ServerAnswer Serves(string server, AddressSet values, int ttl = 300) =>
        new(server, values, null, ServerAnswerKind.Records, ttl);

    private static ServerAnswer Is(string server, ServerAnswerKind kind) => new(server, null, "is", kind);

    private static (Propagation Propagation, bool IsDrift) Judge(RecordState record) => Judge(record, false);

    private static (Propagation Propagation, bool IsDrift) Judge(
        RecordState record,
        bool isOnItsWay,
        params ImmutableArray<ServerAnswer> answers
    ) => PropagationRule.Evaluate(record, answers, isOnItsWay, s_now);

    private static bool IsInDoubt(RecordState record, params ImmutableArray<ServerAnswer> answers) =>
        PropagationRule.IsInDoubt(record, Judge(record, false, answers).Propagation);

    private static string? Contradiction(params string[] servers) =>
        Judge(New(), true, [.. servers.Select(s => Is(s, ServerAnswerKind.OtherZone))]).Propagation.Contradiction;
}
