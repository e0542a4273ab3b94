using System.Globalization;
using System.Text;
using Esddns.Operator.Dns;

namespace Esddns.Tests.Dns;

public sealed class NameTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("Example.COM.", "example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData("XN--BCHER-KVA.example", "xn--bcher-kva.example")]
    [InlineData("bücher。example。", "xn--bcher-kva.example")]
    [InlineData("ｅｘａｍｐｌｅ．ＣＯＭ", "example.com")]
    [InlineData("例え.テスト", "xn--r8jz45g.xn--zckzah")]
    [InlineData("_acme.a-b.example", "_acme.a-b.example")]
    public void DomainName_IsRead(string text, string expected) =>
        Assert.Equal(expected, DomainName.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("-a.example")]
    [InlineData("a b.example")]
    [InlineData("https://example.com")]
    [InlineData("example.com/x")]
    [InlineData(".example.com")]
    [InlineData("example.com..")]
    [InlineData("example.com。.")]
    [InlineData("app\u200b.example.com")]
    [InlineData("app\u00ad.example.com")]
    [InlineData("bu\u0308cher.example.com")]
    [InlineData("\u202eexample.com")]
    [InlineData("\ufb01sh.example.com")]
    [InlineData("a\uf900.example.com")]
    [InlineData("a\ufdff.example.com")]
    [InlineData("a\U0001d400.example.com")]
    [InlineData("a\U0001d7ff.example.com")]
    [InlineData("a\U0002fa1f.example.com")]
    [InlineData("a\U000e0100.example.com")]
    [InlineData("xn--b\u00fccher.example.com")]
    [InlineData("\ud800.example.com")]
    [InlineData("*.example.com")]
    [InlineData("a\u0000.example.com")]
    public void InvalidDomainName_IsRefused(string text) => Assert.False(DomainName.TryParse(text, null, out _));

    /// <summary>The first and last characters of the ranges of confusable characters, and their neighbours.</summary>
    [Theory]
    [InlineData(0x02ff, 0x0300, 0x036f, 0x0371)]
    [InlineData(0x10ff, 0x1100, 0x11ff, 0x1200)]
    [InlineData(0xa95f, 0xa960, 0xa97c, 0xa980)]
    [InlineData(0xd7a3, 0xd7b0, 0xd7fb, null)]
    [InlineData(0x3163, 0x3164, 0x3164, 0x3165)]
    [InlineData(null, 0xf900, 0xffdc, null)]
    [InlineData(null, 0xfe00, 0xfe0f, null)]
    [InlineData(0x2f7ff, 0x2f800, 0x2fa1d, null)]
    [InlineData(null, 0xe0100, 0xe01ef, null)]
    public void DomainName_WithConfusableCharacters_IsRefused(int? before, int first, int last, int? after)
    {
        Assert.False(IsName(first));
        Assert.False(IsName(last));
        foreach (var permitted in new[] { before, after }.OfType<int>().Where(IsLetter))
            Assert.True(IsName(permitted));

        static bool IsName(int rune) => DomainName.TryParse($"a{new Rune(rune)}.example", null, out _);
        static bool IsLetter(int rune) =>
            Rune.GetUnicodeCategory(new Rune(rune))
                is UnicodeCategory.LowercaseLetter
                    or UnicodeCategory.OtherLetter
                    or UnicodeCategory.NonSpacingMark;
    }

    [Fact]
    public void DomainName_TooLong_IsRefused()
    {
        Assert.True(DomainName.TryParse(new string('a', 63) + ".example", null, out _));
        Assert.False(DomainName.TryParse(new string('a', 64) + ".example", null, out _));
        Assert.False(DomainName.TryParse(string.Join('.', Enumerable.Repeat("abcdefghi", 26)), null, out _));
    }

    [Fact]
    public void DomainName_ComparisonIgnoresCase() =>
        Assert.Equal(DomainName.Parse("EXAMPLE.com"), DomainName.Parse("example.COM"));

    [Theory]
    [InlineData("home.example.co.uk", "example.co.uk", "home")]
    [InlineData("example.co.uk", "example.co.uk", "@")]
    [InlineData("a.b.example.co.uk", "example.co.uk", "a.b")]
    public void In_Zone_ReturnsTheOwnerName(string fqdn, string zone, string owner) =>
        Assert.Equal(owner, Fqdn.Parse(fqdn).In(DomainName.Parse(zone)).ToString());

    [Fact]
    public void IsWithin_ComparesLabels() =>
        Assert.False(DomainName.Parse("notexample.com").IsWithin(DomainName.Parse("example.com")));

    [Theory]
    [InlineData("@", true)]
    [InlineData("*", true)]
    [InlineData("*.lab", true)]
    [InlineData("a.*", false)]
    [InlineData("a..b", false)]
    [InlineData("home/A", false)]
    public void OwnerName_IsReadStrictly(string text, bool good) =>
        Assert.Equal(good, OwnerName.TryParse(text, null, out _));

    [Theory]
    [InlineData("*.Example.com.", "*.example.com", true)]
    [InlineData("*。bücher.example", "*.xn--bcher-kva.example", true)]
    [InlineData("home.example.com", "home.example.com", false)]
    public void Fqdn_MayBeAWildcard(string text, string expected, bool isWildcard)
    {
        var name = Fqdn.Parse(text);
        Assert.Equal((expected, isWildcard), (name.ToString(), name.IsWildcard));
        Assert.Equal(name, Fqdn.Parse(expected));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("*.*.example.com")]
    [InlineData("a.*.example.com")]
    [InlineData("**.example.com")]
    public void Fqdn_WildcardNotFirst_IsRefused(string text) => Assert.False(Fqdn.TryParse(text, null, out _));

    [Theory]
    [InlineData("*", "*.example.com")]
    [InlineData("*.lab", "*.lab.example.com")]
    [InlineData("@", "example.com")]
    [InlineData("bücher", "xn--bcher-kva.example.com")]
    public void Fqdn_OfOwnerAndZone_RoundTrips(string owner, string expected)
    {
        var (name, zone) = (OwnerName.Parse(owner), DomainName.Parse("example.com"));
        Assert.Equal(expected, Fqdn.Of(name, zone).ToString());
        Assert.Equal(name, Fqdn.Of(name, zone).In(zone));
        Assert.Equal(Fqdn.Parse(expected), Fqdn.Of(name, zone));
    }

    [Fact]
    public void Fqdn_TooLong_IsNotShortEnough()
    {
        var part = string.Join('.', Enumerable.Repeat(new string('a', 60), 3));
        Assert.False(Fqdn.Of(OwnerName.Parse(part), DomainName.Parse(part)).IsShortEnough);
        Assert.True(Fqdn.Of(OwnerName.Parse("a"), DomainName.Parse(part)).IsShortEnough);
        Assert.False(
            Fqdn.TryParse(
                "*." + string.Join('.', new[] { 63, 63, 63, 60 }.Select(n => new string('a', n))),
                null,
                out _
            )
        );
    }
}
