using System.Text.RegularExpressions;
using Esddns.Operator.Discovery.PublicSuffixes;
using Esddns.Tests.Support;

namespace Esddns.Tests.Discovery;

/// <summary>The Public Suffix List against its official examples, and further cases.</summary>
public sealed partial class PublicSuffixTests
{
    [Fact]
    public void RegistrableDomain_MatchesTheOfficialExamples()
    {
        var examples = Example()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "Esddns.Tests/Discovery/Data/test_psl.txt")));
        Assert.True(examples.Count > 60, $"only {examples.Count} examples found");
        Assert.All(
            examples,
            e =>
            {
                var expected = e.Groups[2].Success ? e.Groups[2].Value : null;
                Assert.Equal(
                    (e.Groups[1].Value, expected),
                    (e.Groups[1].Value, PublicSuffixList.RegistrableDomain(e.Groups[1].Value))
                );
            }
        );
    }

    [Theory]
    [InlineData("echo.example.com.", "example.com")]
    [InlineData("com.", null)]
    [InlineData("example.com..", null)]
    [InlineData(".", null)]
    [InlineData("", null)]
    [InlineData("a..com", null)]
    [InlineData("www.city.kawasaki.jp", "city.kawasaki.jp")]
    [InlineData("a.b.c.kawasaki.jp", "b.c.kawasaki.jp")]
    [InlineData("a.b.no-such-tld", "b.no-such-tld")]
    [InlineData("a.user.github.io", "user.github.io")]
    [InlineData("a.xn--0.com", "xn--0.com")]
    public void RegistrableDomain_OfName(string name, string? expected) =>
        Assert.Equal(expected, PublicSuffixList.RegistrableDomain(name));

    [GeneratedRegex(@"^checkPublicSuffix\('([^']*)', (?:null|'([^']*)')\);", RegexOptions.Multiline)]
    private static partial Regex Example();
}
