using System.Net;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;

namespace Esddns.Tests.Agreement;

/// <summary>The additional requirements for a change of the address, beyond those for a confirmation.</summary>
public sealed class ChangeTests
{
    private const string Ours = "81.2.69.142";
    private const string Other = "81.2.69.160";
    private static readonly LastAgreement s_known = new(IPAddress.Parse(Ours), []);

    [Fact]
    public void ForgedDnsAndStun_WhileEchoIsBlocked_ChangeNothing()
    {
        var options = new DiscoveryOptions();
        Observation[] attack =
        [
            .. options.Stun.Select(s => Seen(s.ToString(), Other, EvidenceClass.Stun)),
            .. options.Dns.Select(s => Seen(s.ToString(), s.Host == "1.1.1.1" ? Ours : Other, EvidenceClass.Dns)),
            .. options.Echo.Select(s => Silent(s.ToString())),
        ];
        var part = attack.Select(o => o.Source.Provider);
        Assert.IsType<Verdict.Disagreed>(Decide(s_known with { Providers = [.. part] }, attack));
        // Without known participants, as at the start, only the missing authenticated source blocks the change.
        foreach (var known in new[] { s_known, LastAgreement.Nothing })
        {
            var verdict = Assert.IsType<Verdict.Insufficient>(
                AgreementRule.Decide(attack, new AgreementOptions { Classes = 1 }, known)
            );
            Assert.Contains("no authenticated source", verdict.Reason, StringComparison.Ordinal);
            Assert.IsType<Verdict.Insufficient>(Decide(known, attack));
        }
    }

    [Fact]
    public void StunAndDns_ShareOneTrustClass()
    {
        Observation[] observations =
        [
            Seen("stun://a.test", Ours, EvidenceClass.Stun),
            Seen("dns://b.test", Ours, EvidenceClass.Dns),
            Silent("http://c.test"),
        ];
        Assert.Contains(
            "1 of 2 required trust classes",
            Assert.IsType<Verdict.Insufficient>(Decide(s_known, observations)).Reason,
            StringComparison.Ordinal
        );
        Assert.IsType<Verdict.Agreed>(Decide(s_known, observations[..2]));
        Assert.IsType<Verdict.Agreed>(Decide(s_known, [.. observations[..2], Seen("http://c.test", Ours)]));
    }

    [Theory]
    [InlineData("https://c.test", true)]
    [InlineData("http://c.test", false)]
    public void Change_WithConfiguredWitness_NeedsWitness(string echo, bool isNeeded)
    {
        Observation[] change =
        [
            Seen("stun://a.test", Other, EvidenceClass.Stun),
            Seen("http://b.test", Other),
            Silent(echo),
        ];
        var verdict = Decide(s_known, change);
        Assert.Equal(isNeeded, verdict is Verdict.Insufficient);
        Assert.IsType<Verdict.Agreed>(Decide(s_known, [.. change[..2], Seen(echo, Other)]));
        // A confirmation needs no authenticated source; neither does a change after the waiting time.
        Assert.IsType<Verdict.Agreed>(Decide(s_known with { Address = IPAddress.Parse(Other) }, change));
        Assert.IsType<Verdict.Agreed>(Decide(s_known with { RequiresAuthentication = false }, change));
    }

    [Fact]
    public void WitnessOfAnotherAddress_DoesNotCount()
    {
        Observation[] change =
        [
            Seen("stun://a.test", Other, EvidenceClass.Stun),
            Seen("http://b.test", Other),
            Seen("http://c.test", Other),
            Seen("https://d.test", Ours),
        ];
        Assert.IsType<Verdict.Insufficient>(Decide(s_known, change));
    }

    [Fact]
    public void PublicInterfaceAddress_IsAWitness()
    {
        Observation[] change =
        [
            Seen("stun://a.test", Other, EvidenceClass.Stun),
            Seen("stun://b.test", Other, EvidenceClass.Stun),
        ];
        Assert.IsType<Verdict.Agreed>(Decide(s_known, [.. change, Interface(Other), Silent("https://c.test")]));
        Assert.IsType<Verdict.Agreed>(Decide(s_known, [.. change, Interface("192.168.1.2")]));
        var three = new[] { "stun://c.test", "stun://d.test" }.Select(s => Seen(s, Other, EvidenceClass.Stun));
        Assert.IsType<Verdict.Insufficient>(
            AgreementRule.Decide([.. change, .. three, Interface(Ours)], new AgreementOptions { Classes = 1 }, s_known)
        );
    }

    [Fact]
    public void UnavailableParticipant_DissentsFromChangeOnly()
    {
        Observation[] change =
        [
            Seen("stun://a.test", Other, EvidenceClass.Stun),
            Seen("http://b.test", Other),
            Silent("http://c.test"),
            Silent("http://d.test"),
        ];
        Assert.IsType<Verdict.Agreed>(Decide(s_known, change));
        Assert.IsType<Verdict.Agreed>(Decide(s_known with { Providers = ["a.test", "b.test"] }, change));
        var verdict = Assert.IsType<Verdict.Disagreed>(
            Decide(s_known with { Providers = ["a.test", "c.test"] }, change)
        );
        Assert.Contains("part of a recent agreement: c.test", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains($"{Other} from stun://a.test, http://b.test", verdict.Reason, StringComparison.Ordinal);
        var confirmation = new LastAgreement(IPAddress.Parse(Other), ["a.test", "c.test", "d.test"]);
        Assert.IsType<Verdict.Agreed>(Decide(confirmation, change));
    }

    [Fact]
    public void UnavailableParticipants_LessThanAThird_DoNotBlockChange()
    {
        Observation[] change =
        [
            .. new[] { "a", "b", "c" }.Select(n => Seen($"http://{n}.test", Other)),
            Silent("http://d.test"),
        ];
        Assert.IsType<Verdict.Agreed>(
            Decide(s_known with { Providers = ["a.test", "b.test", "c.test", "d.test"] }, change)
        );
    }

    [Fact]
    public void NoParticipantAvailable_IsInsufficient() =>
        Assert.IsType<Verdict.Insufficient>(
            Decide(s_known with { Providers = ["a.test", "b.test"] }, Silent("http://a.test"), Silent("http://b.test"))
        );

    [Fact]
    public void Reason_NamesFirstUnavailableSources()
    {
        var silent = Enumerable.Range(1, 5).Select(i => Silent($"http://s{i}.test"));
        var reason = Assert
            .IsType<Verdict.Insufficient>(Decide(s_known, [Seen("http://a.test", "10.0.0.1"), .. silent]))
            .Reason;
        Assert.StartsWith("no agreement: 0 of 2 required providers", reason, StringComparison.Ordinal);
        Assert.Contains(
            "http://a.test reports 10.0.0.1 (10.0.0.1 is in the special-purpose range private-use",
            reason,
            StringComparison.Ordinal
        );
        Assert.Contains("http://s2.test reports no address (no route)", reason, StringComparison.Ordinal);
        Assert.EndsWith("; and 3 more", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("s3", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("192.0.0.2")]
    public void CarrierGradeNat_InAnyObservation_IsReported(string address)
    {
        Observation[] good = [Seen("http://a.test", Ours), Seen("http://b.test", Ours)];
        foreach (var shown in new[] { Interface(address), Seen("stun://c.test", address, EvidenceClass.Stun) })
        {
            var verdict = Assert.IsType<Verdict.Agreed>(
                AgreementRule.Decide([.. good, shown], new AgreementOptions { Classes = 1 }, s_known)
            );
            Assert.True(verdict.IsBehindCarrierNat);
            var sign = Assert.Single(verdict.Signs);
            Assert.Contains("cannot be reached from the internet", sign, StringComparison.Ordinal);
            Assert.Contains($"{shown.Source.Name} reports {address}", sign, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CarrierGradeNat_WithoutEvidenceOrWithAllowedRange_IsNotReported()
    {
        foreach (var address in new[] { "100.63.255.255", "100.128.0.1", "192.0.0.8", "192.168.1.2", Ours })
        {
            var verdict = Decide(s_known, Seen("http://a.test", Ours), Seen("http://b.test", Ours), Interface(address));
            Assert.False(verdict.IsBehindCarrierNat);
        }

        var allowed = new AgreementOptions { AllowedRanges = new HashSet<string> { "shared-address-space" } };
        Assert.False(AgreementRule.Decide([Seen("http://a.test", "100.64.0.1")], allowed, s_known).IsBehindCarrierNat);
    }

    [Fact]
    public void MappedAddress_IsRefused_EvenWithAllRangesAllowed()
    {
        for (var first = 0; first < 256; first++)
        {
            var mapped = $"::ffff:{first}.1.2.3";
            var allowed = new AgreementOptions { AllowedRanges = SpecialPurposeRanges.Names };
            var verdict = AgreementRule.Decide(
                [Seen("http://a.test", mapped), Seen("http://b.test", mapped)],
                allowed,
                LastAgreement.Nothing
            );
            Assert.IsType<Verdict.Insufficient>(verdict);
            Assert.Empty(verdict.Signs);
        }
    }

    [Theory]
    [InlineData("104.28.1.1", "Cloudflare")]
    [InlineData("1.1.1.1", "Cloudflare")]
    [InlineData("2606:4700::1", "Cloudflare")]
    [InlineData("8.8.8.8", "Google")]
    [InlineData("2001:4860::1", "Google")]
    [InlineData("151.101.1.1", "Fastly")]
    [InlineData("9.9.9.9", "Quad9")]
    [InlineData("208.67.222.222", "OpenDNS")]
    [InlineData("81.2.69.142", null)]
    [InlineData("::ffff:104.28.1.1", null)]
    public void ContentNetworkAddress_IsAProxySign(string address, string? owner)
    {
        var signs = Decide(s_known, Seen("http://a.test", address), Seen("http://b.test", address)).Signs;
        if (owner is null)
            Assert.Empty(signs);
        else
            Assert.StartsWith($"{address} belongs to {owner}", Assert.Single(signs), StringComparison.Ordinal);
    }

    [Fact]
    public void MappedAddress_IsNotAProxySign()
    {
        var source = SourceId.Of(new Uri("http://a.test"), EvidenceClass.Https);
        Assert.Empty(ProxySigns.Find([new Observation.Seen(source, IPAddress.Parse("::ffff:104.28.1.1"))]));
    }

    [Fact]
    public void ClassesThatDiffer_AreASign_IfEachIsUnanimousAndOneHasTwoVotes()
    {
        var stun = Seen("stun://a.test", Ours, EvidenceClass.Stun);
        var stun2 = Seen("stun://b.test", Ours, EvidenceClass.Stun);
        Observation.Seen echo = Seen("http://c.test", Other),
            echo2 = Seen("http://d.test", Ours);
        Assert.Contains(
            $"Stun: {Ours}, Https: {Other}",
            Assert.Single(Decide(s_known, stun, stun2, echo).Signs),
            StringComparison.Ordinal
        );
        Assert.Empty(Decide(s_known, stun, echo).Signs);
        Assert.Empty(Decide(s_known, stun, stun2, echo, echo2).Signs);
        Assert.Empty(Decide(s_known, stun, stun2, echo2).Signs);
        Assert.Empty(Decide(s_known, stun, stun2).Signs);
    }

    private static Verdict Decide(LastAgreement known, params Observation[] observations) =>
        AgreementRule.Decide(observations, new AgreementOptions(), known);

    private static Observation.Seen Seen(string server, string address, EvidenceClass @class = EvidenceClass.Https) =>
        new(SourceId.Of(new Uri(server), @class), IPAddress.Parse(address));

    private static Observation.Seen Interface(string address) =>
        new(
            new SourceId("interface", EvidenceClass.Interface, "this host") { IsAuthenticated = true },
            IPAddress.Parse(address)
        );

    private static Observation.Unavailable Silent(string server) =>
        new(SourceId.Of(new Uri(server), EvidenceClass.Https), "no route");
}
