using Esddns.Contracts;
using Esddns.Web.Pages;
using Esddns.Web.Pages.Addresses;
using Esddns.Web.Pages.Sources;

namespace Esddns.Tests.Web.Pages;

/// <summary>The card of an address, and the sources beside the verdict.</summary>
public sealed class AddressCardTests
{
    private const string Ours = "203.0.113.10";
    private const string Other = "198.51.100.7";

    private static readonly VoteStatus[] s_votes =
    [
        new("stun://a", "Stun", Ours, true, "a"),
        new("https://a", "Https", Ours, false, "a", "another source of a counts"),
        new("https://b", "Https", Ours, true, "b"),
        new("dns://c", "Dns", Other, true, "c"),
        new("dns://d", "Dns", null, false, "d", "no answer"),
    ];

    [Fact]
    public void Agreed_CountsIndependentProvidersAndMethods()
    {
        var card = AddressCard.Of(new WanStatus("IPv4", Ours, "Agreed", s_votes, []));
        Assert.Equal(Tone.Good, card.Tone);
        Assert.Equal(
            "2 independent providers agree, by STUN and HTTPS. 1 source reported something else.",
            card.Evidence
        );
    }

    [Theory]
    [InlineData("Disagreed", "The sources report different addresses: a from x; b from y. ")]
    [InlineData("Insufficient", "Too few sources report an address: a from x; b from y. ")]
    public void NoAgreement_TellsWhoReportedWhat_AndThatNothingIsChanged(string verdict, string evidence)
    {
        var wan = new WanStatus("IPv4", Ours, verdict, [], [], Reason: "a from x; b from y");
        var card = AddressCard.Of(wan);
        Assert.Equal(Tone.Bad, card.Tone);
        Assert.Equal($"{evidence}Nothing is changed meanwhile: the records keep {Ours}.", card.Evidence);
        Assert.EndsWith("Nothing is changed meanwhile.", AddressCard.Of(wan with { Address = null }).Evidence);
    }

    [Theory]
    [InlineData("Absent", Tone.Neutral)]
    [InlineData("Unknown", Tone.Unknown)]
    [InlineData("SomethingNew", Tone.Unknown)]
    public void OtherVerdicts_AreNeitherGoodNorBad(string verdict, Tone tone) =>
        Assert.Equal(tone, AddressCard.Of(new WanStatus("IPv6", null, verdict, [], [])).Tone);

    [Fact]
    public void UnusualFindings_HaveANoticeWithAdvice()
    {
        string[] signs = ["behind carrier-grade NAT (eth0 reports 100.64.0.1)", "203.0.113.10 belongs to Example"];
        var wan = new WanStatus("IPv4", Ours, "Agreed", [], signs, IsBehindCarrierNat: true);
        Assert.Equal(["Carrier-grade NAT", "VPN or proxy"], Titles(wan));
        Assert.Equal(["Carrier-grade NAT"], Titles(wan with { Signs = [] }));
        Assert.Empty(Titles(wan with { Signs = [], IsBehindCarrierNat = false }));
        var flapping = wan with { Signs = [], IsBehindCarrierNat = false, Verdict = "Disagreed" };
        Assert.Equal(["The address flaps"], Titles(flapping with { Reason = "a became b within the hold-down" }));
        Assert.All(AddressCard.Of(wan).Notices, n => Assert.NotEmpty(n.Advice));
    }

    [Fact]
    public void Sources_AreComparedWithTheVerdict()
    {
        var agreed = new WanStatus("IPv4", Ours, "Agreed", s_votes, []);
        string[] expected = ["agrees", "agrees, not counted", "agrees", "differs", "no answer"];
        Assert.Equal(expected, s_votes.Select(v => SourceRow.Of(v, agreed).Word));
        Assert.Equal($"4 of 5 sources answered · {Ours}: 75 % · {Other}: 25 %", SourceRow.Describe(agreed));
        Assert.Equal("as before", SourceRow.Of(s_votes[0], agreed with { Verdict = "Disagreed" }).Word);
        Assert.Equal("no verdict", SourceRow.Of(s_votes[0], agreed with { Address = null }).Word);
    }

    private static IEnumerable<string> Titles(WanStatus wan) => AddressCard.Of(wan).Notices.Select(n => n.Title);
}
