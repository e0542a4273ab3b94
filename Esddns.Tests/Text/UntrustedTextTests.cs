using Esddns.Text;

namespace Esddns.Tests.Text;

/// <summary>Cleaning of text from outside.</summary>
public sealed class UntrustedTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("\u001b[31mred\u0007", "[31mred")]
    [InlineData("one\r\ntwo\tthree\u2028four\u00a0\u00a0five", "one two three four five")]
    [InlineData("\u202egnp.exe \u200bzero\ufeff", "gnp.exe zero")]
    [InlineData("a\ud800b\ue000c", "abc")]
    [InlineData("bücher 書 😀", "bücher 書 😀")]
    [InlineData("  ", "")]
    [InlineData(null, "")]
    public void Clean_AnyText_IsOneVisibleLine(string? text, string expected) =>
        Assert.Equal(expected, UntrustedText.Clean(text));

    [Theory]
    [InlineData(UntrustedText.MaxLength, false)]
    [InlineData(UntrustedText.MaxLength + 1, true)]
    [InlineData(7_000_000, true)]
    public void Clean_LongText_IsTruncatedWithAnEllipsis(int length, bool isCut)
    {
        var clean = UntrustedText.Clean(new string('x', length));

        Assert.Equal(new string('x', UntrustedText.MaxLength) + (isCut ? "…" : ""), clean);
    }

    [Fact]
    public void Clean_CutInSurrogatePair_OmitsTheCharacter() => Assert.Equal("ab…", UntrustedText.Clean("ab😀", 3));
}
