using System.Net;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;

namespace Esddns.Tests.Agreement;

public sealed class AgreementRuleTests
{
    private const string Ours = "81.2.69.142";
    private const string Other = "81.2.69.160";

    [Fact]
    public void TwoProviders_SameAddress_Agree() =>
        Assert.Equal(Ours, Assert.IsType<Verdict.Agreed>(Decide(Seen("a", Ours), Seen("b", Ours))).Address.ToString());

    [Fact]
    public void OneProvider_IsNotEnough() => Assert.IsType<Verdict.Insufficient>(Decide(Seen("a", Ours), Silent("b")));

    [Fact]
    public void SeveralServersOfOneProvider_HaveOneVote()
    {
        var verdict = Assert.IsType<Verdict.Insufficient>(
            Decide(Seen("a", Ours, "udp"), Seen("a", Ours, "tcp"), Seen("a", Ours, "https"))
        );
        Assert.Equal(1, verdict.Votes.Count(v => v.Counted));
    }

    [Fact]
    public void ProviderThatContradictsItself_Dissents()
    {
        var verdict = Assert.IsType<Verdict.Disagreed>(
            Decide(Seen("a", Ours), Seen("b", Ours), Seen("c", Other, "tcp"), Seen("c", Ours, "udp"))
        );
        Assert.All(
            verdict.Votes.Where(v => v.Provider == "c"),
            v => Assert.Contains("contradict", v.Reason, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void DissentOfAThird_Blocks_LessDoesNot()
    {
        var verdict = Assert.IsType<Verdict.Disagreed>(Decide(Seen("a", Ours), Seen("b", Ours), Seen("wrong", Other)));
        Assert.EndsWith(
            $"{Ours} from udp://a, udp://b; {Other} from udp://wrong",
            verdict.Reason,
            StringComparison.Ordinal
        );
        var agreed = Assert.IsType<Verdict.Agreed>(
            Decide(Seen("a", Ours), Seen("b", Ours), Seen("c", Ours), Seen("wrong", Other))
        );
        Assert.False(agreed.IsUnanimous);
    }

    [Fact]
    public void OneTrustClass_WhereTwoAreRequired_IsInsufficient()
    {
        Observation[] observations =
        [
            Seen("a", Ours),
            Seen("b", Ours),
            new Observation.Unavailable(new SourceId("echo", EvidenceClass.Https, "c"), "no route"),
        ];
        var verdict = Assert.IsType<Verdict.Insufficient>(Decide(observations));
        Assert.Contains("1 of 2 required trust classes", verdict.Reason, StringComparison.Ordinal);
        Assert.IsType<Verdict.Agreed>(
            AgreementRule.Decide(observations, new AgreementOptions { Classes = 1 }, LastAgreement.Nothing)
        );
        Assert.IsType<Verdict.Agreed>(
            AgreementRule.Decide(observations[..2], new AgreementOptions(), LastAgreement.Nothing)
        );
    }

    [Fact]
    public void Unanimous_RequiresEveryAvailableClass()
    {
        Observation behindTranslation = new Observation.Seen(
            new SourceId("interface", EvidenceClass.Interface, "this host"),
            IPAddress.Parse("192.168.1.2")
        );
        Assert.True(
            Assert.IsType<Verdict.Agreed>(Decide(Seen("a", Ours), Seen("b", Ours), behindTranslation)).IsUnanimous
        );
        var silent = AgreementRule.Decide(
            [Seen("a", Ours), Seen("b", Ours), Silent("c")],
            new AgreementOptions { Classes = 1 },
            LastAgreement.Nothing
        );
        Assert.False(Assert.IsType<Verdict.Agreed>(silent).IsUnanimous);
    }

    [Fact]
    public void ProxySigns_AreReported()
    {
        var cdn = Decide(Seen("a", "104.28.1.1"), Seen("b", "104.28.1.1"));
        Assert.Contains("belongs to Cloudflare", Assert.Single(cdn.Signs), StringComparison.Ordinal);
        Observation.Seen Echo(string who) => new(new SourceId(who, EvidenceClass.Https, who), IPAddress.Parse(Other));
        var apart = AgreementRule.Decide(
            [Seen("a", Ours), Seen("b", Ours), Echo("c"), Echo("d")],
            new AgreementOptions(),
            LastAgreement.Nothing
        );
        Assert.Contains(
            "a proxy or VPN may be in use",
            Assert.Single(apart.Signs, s => s.StartsWith("the evidence classes", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ProxySign_NeedsAgreementWithinEachClass()
    {
        Observation.Seen Via(EvidenceClass how, string who, string address) =>
            new(new SourceId(who, how, who), IPAddress.Parse(address));
        string[] Apart(params Observation[] seen) =>
            [.. Decide(seen).Signs.Where(s => s.StartsWith("the evidence classes", StringComparison.Ordinal))];
        Observation[] three =
        [
            Seen("a", Ours),
            Seen("b", Ours),
            Via(EvidenceClass.Https, "c", Other),
            Via(EvidenceClass.Dns, "d", "81.2.69.161"),
        ];
        Assert.Contains(
            "Stun: 81.2.69.142, Https: 81.2.69.160, Dns: 81.2.69.161",
            Assert.Single(Apart(three)),
            StringComparison.Ordinal
        );
        Assert.Empty(Apart([.. three, Via(EvidenceClass.Https, "e", Ours)]));
        Assert.Empty(Apart(Seen("a", Ours), Via(EvidenceClass.Https, "c", Other)));
        Assert.Empty(Apart(Seen("a", Ours), Seen("b", Ours), Via(EvidenceClass.Https, "c", Ours)));
    }

    [Theory]
    [InlineData(3, "no route)")]
    [InlineData(4, "; and 1 more")]
    public void Reason_CountsOmittedSources(int silent, string end) =>
        Assert.EndsWith(
            end,
            Assert
                .IsType<Verdict.Insufficient>(Decide([.. Enumerable.Range(1, silent).Select(i => Silent($"s{i}"))]))
                .Reason,
            StringComparison.Ordinal
        );

    [Fact]
    public void Vote_FromAnotherNode_NamesTheNode()
    {
        var id = new SourceId("udp://a", EvidenceClass.Stun, "a");
        Assert.Equal(
            "udp://a reports no address (no route)",
            new Vote(id.Name, "a", id.Class, null, false, "no route").ToString()
        );
        Assert.Equal(
            "udp://a at node-1 reports 192.0.2.1",
            new Vote(id.Name, "a", id.Class, IPAddress.Parse("192.0.2.1"), true, null, "node-1").ToString()
        );
    }

    [Fact]
    public void SourceWithoutAnswer_DoesNotDissent() =>
        Assert.IsType<Verdict.Agreed>(
            AgreementRule.Decide(
                [Seen("a", Ours), Seen("b", Ours), Silent("c"), Silent("d")],
                new AgreementOptions { Classes = 1 },
                LastAgreement.Nothing
            )
        );

    [Fact]
    public void NoSourceAvailable_IsInsufficientWithReason() =>
        Assert.Contains(
            "no route",
            Assert.IsType<Verdict.Insufficient>(Decide(Silent("a"), Silent("b"))).Reason,
            StringComparison.Ordinal
        );

    [Fact]
    public void NoObservations_AreInsufficient() => Assert.IsType<Verdict.Insufficient>(Decide());

    [Theory]
    [InlineData("10.1.2.3", "private-use")]
    [InlineData("172.31.255.255", "private-use")]
    [InlineData("192.168.0.1", "private-use")]
    [InlineData("100.64.0.1", "shared-address-space")]
    [InlineData("100.127.255.255", "shared-address-space")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("169.254.1.1", "link-local")]
    [InlineData("0.0.0.0", "this-network")]
    [InlineData("192.0.2.1", "documentation")]
    [InlineData("198.18.0.1", "benchmarking")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("::1", "loopback")]
    [InlineData("::", "unspecified")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fd00::1", "unique-local")]
    [InlineData("2001:db8::1", "documentation")]
    [InlineData("2002::1", "6to4")]
    [InlineData("64:ff9b::808:808", "ipv4-ipv6-translation")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("4000::1", "not-global-unicast")]
    public void SpecialPurposeAddress_IsNeverAgreed(string address, string range)
    {
        var verdict = Assert.IsType<Verdict.Insufficient>(
            Decide(Seen("a", address), Seen("b", address), Seen("c", address))
        );
        Assert.All(verdict.Votes, v => Assert.Contains(range, v.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.32.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00::1")]
    public void GlobalAddress_IsAgreed(string address) =>
        Assert.IsType<Verdict.Agreed>(Decide(Seen("a", address), Seen("b", address)));

    [Fact]
    public void AllowedSpecialPurposeRange_Counts()
    {
        var options = new AgreementOptions { AllowedRanges = new HashSet<string> { "documentation" } };
        Observation[] observations = [Seen("a", "192.0.2.1"), Seen("b", "192.0.2.1"), Seen("c", "10.0.0.1")];
        Assert.IsType<Verdict.Agreed>(AgreementRule.Decide(observations, options, LastAgreement.Nothing));
    }

    [Fact]
    public void Quorum_CountsProviders()
    {
        var options = new AgreementOptions { Quorum = 3 };
        Assert.IsType<Verdict.Insufficient>(
            AgreementRule.Decide([Seen("a", Ours), Seen("b", Ours)], options, LastAgreement.Nothing)
        );
        Assert.IsType<Verdict.Agreed>(
            AgreementRule.Decide([Seen("a", Ours), Seen("b", Ours), Seen("c", Ours)], options, LastAgreement.Nothing)
        );
    }

    private static Verdict Decide(params Observation[] observations) =>
        AgreementRule.Decide(observations, new AgreementOptions(), LastAgreement.Nothing);

    private static Observation.Seen Seen(string server, string address, string how = "udp") =>
        new(new SourceId($"{how}://{server}", EvidenceClass.Stun, server), IPAddress.Parse(address));

    private static Observation.Unavailable Silent(string server) =>
        new(new SourceId(server, EvidenceClass.Https, server), "no route");
}
