using System.Text.Json;
using Esddns.Operator.Dns;

namespace Esddns.Tests.Dns;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("198.51.100.4", "198.51.100.4")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("2001:0DB8:0:0::1", "2001:db8::1")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    public void Address_InZoneFileForm_IsRead(string text, string address)
    {
        Assert.True(AddressText.TryParse(text, out var read));
        Assert.Equal(System.Net.IPAddress.Parse(address), read);
        Assert.Equal(AddressSet.Of(read), FromJson(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("010.1.1.1")]
    [InlineData("1.2.3.04")]
    [InlineData("0x1.2.3.4")]
    [InlineData("3405803876")]
    [InlineData(" 198.51.100.4")]
    [InlineData("198.51.100.4 ")]
    [InlineData("198.51.100.4.")]
    [InlineData("198.51.100.4/32")]
    [InlineData("198.51.100.256")]
    [InlineData("１98.51.100.4")]
    [InlineData("::ffff:198.51.100.4")]
    [InlineData("::ffff:c633:6404")]
    [InlineData("fe80::1%1")]
    [InlineData("fe80::1%lo")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[2001:db8::1]:53")]
    [InlineData("2001:db8::1/64")]
    [InlineData("64:ff9b::010.0.2.33")]
    public void OtherText_IsRefused(string? text)
    {
        Assert.False(AddressText.TryParse(text, out _));
        Assert.Throws<JsonException>(() => FromJson(text));
    }

    private static AddressSet? FromJson(string? text) =>
        JsonSerializer.Deserialize<AddressSet>(JsonSerializer.Serialize(new[] { text }));
}
