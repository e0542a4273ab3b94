using Esddns.Operator.Dns;

namespace Esddns.Tests.Dns;

public sealed class NameTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("Example.COM.", "example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("_acme.a-b.example", "_acme.a-b.example")]
    public void DomainName_IsRead(string text, string expected) => Assert.Equal(expected, DomainName.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("-a.example")]
    [InlineData("a b.example")]
    [InlineData("https://example.com")]
    [InlineData("example.com/x")]
    public void DomainName_WithAnythingElse_IsRefused(string text) => Assert.False(DomainName.TryParse(text, null, out _));

    [Fact]
    public void DomainName_LongLabelOrName_IsRefused()
    {
        Assert.True(DomainName.TryParse(new string('a', 63) + ".example", null, out _));
        Assert.False(DomainName.TryParse(new string('a', 64) + ".example", null, out _));
        Assert.False(DomainName.TryParse(string.Join('.', Enumerable.Repeat("abcdefghi", 26)), null, out _));
    }

    [Fact]
    public void DomainName_IsComparedWithoutCase() => Assert.Equal(DomainName.Parse("EXAMPLE.com"), DomainName.Parse("example.COM"));

    [Theory]
    [InlineData("home.example.co.uk", "example.co.uk", "home")]
    [InlineData("example.co.uk", "example.co.uk", "@")]
    [InlineData("a.b.example.co.uk", "example.co.uk", "a.b")]
    public void OwnerName_IsTheRestOfTheName(string fqdn, string zone, string owner) =>
        Assert.Equal(owner, Fqdn.Parse(fqdn).In(DomainName.Parse(zone)).ToString());

    [Fact]
    public void Within_IsDecidedByLabels() => Assert.False(DomainName.Parse("notexample.com").IsWithin(DomainName.Parse("example.com")));

    [Theory]
    [InlineData("@", true)]
    [InlineData("*", true)]
    [InlineData("*.lab", true)]
    [InlineData("a.*", false)]
    [InlineData("a..b", false)]
    [InlineData("home/A", false)]
    public void OwnerName_IsReadStrictly(string text, bool good) => Assert.Equal(good, OwnerName.TryParse(text, null, out _));
}
