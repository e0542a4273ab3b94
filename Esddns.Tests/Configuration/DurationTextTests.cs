using Esddns.Configuration;

namespace Esddns.Tests.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("90", 90)]
    [InlineData("0.25", 0.25)]
    [InlineData("00:05:00", 300)]
    [InlineData("1:02:03", 3723)]
    [InlineData("24:00:00", 86_400)]
    [InlineData("100:59:59", 363_599)]
    [InlineData("1.00:00:00", 86_400)]
    [InlineData("1.23:59:59.5", 172_799.5)]
    public void Duration_InSecondsOrHoursMinutesSeconds_IsRead(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var value));
        Assert.Equal(seconds, value.TotalSeconds);
    }

    /// <summary>Ambiguous text is not a duration.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("5:00")]
    [InlineData("1:2:3")]
    [InlineData("00:60:00")]
    [InlineData("00:00:60")]
    [InlineData("1.24:00:00")]
    [InlineData("1.2.03:00:00")]
    [InlineData(".5:00:00")]
    [InlineData("-1")]
    [InlineData("-1:00:00")]
    [InlineData("1:00:00:00")]
    [InlineData("123456:00:00")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("5m")]
    [InlineData("NaN")]
    [InlineData("99999999999")]
    public void AmbiguousText_IsRefused(string text)
    {
        Assert.False(DurationText.TryParse(text, out var value));
        Assert.Equal(TimeSpan.Zero, value);
    }
}
