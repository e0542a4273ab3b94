using System.Net;
using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Tests.Dns;

/// <summary>Address sets ignore order and duplicates.</summary>
public sealed class AddressSetTests
{
    [Fact]
    public void Members_AreSortedAndUnique()
    {
        Assert.Equal("192.0.2.1, 192.0.2.2", Of("192.0.2.2", "192.0.2.1", "192.0.2.2").ToString());
        Assert.Equal(Of("192.0.2.2", "192.0.2.1"), Of("192.0.2.1", "192.0.2.2"));
        Assert.Equal(Of("192.0.2.2", "192.0.2.1").GetHashCode(), Of("192.0.2.1", "192.0.2.2").GetHashCode());
    }

    [Fact]
    public void ContainsAll_NeedsEveryMember()
    {
        Assert.True(Of("192.0.2.1", "192.0.2.2").ContainsAll(Of("192.0.2.2")));
        Assert.False(Of("192.0.2.1").ContainsAll(Of("192.0.2.1", "192.0.2.2")));
        Assert.True(Of("192.0.2.1").ContainsAll(AddressSet.Empty));
    }

    [Fact]
    public void WithAndWithout_AreUnionAndDifference()
    {
        Assert.Equal(
            Of("192.0.2.1", "192.0.2.2", "192.0.2.3"),
            Of("192.0.2.1", "192.0.2.2").With(Of("192.0.2.2", "192.0.2.3"))
        );
        Assert.Equal(Of("192.0.2.1"), Of("192.0.2.1", "192.0.2.2").Without(Of("192.0.2.2", "192.0.2.3")));
    }

    [Fact]
    public void ToString_ListsTen_AndCountsTheRest()
    {
        var ten = Enumerable.Range(1, 10).Select(i => $"192.0.2.{i}").ToArray();
        Assert.Equal(string.Join(", ", ten), Of(ten).ToString());
        Assert.Equal($"{string.Join(", ", ten)} and 2 more", Of([.. ten, "192.0.2.11", "192.0.2.12"]).ToString());
        Assert.Equal("none", AddressSet.Empty.ToString());
    }

    [Fact]
    public void Json_IsAnArrayOfStrings()
    {
        var json = JsonSerializer.Serialize(Of("192.0.2.2", "192.0.2.1"), SnapshotJson.Compact.AddressSet);
        Assert.Equal("""["192.0.2.1","192.0.2.2"]""", json);
        Assert.Equal(Of("192.0.2.1", "192.0.2.2"), JsonSerializer.Deserialize(json, SnapshotJson.Compact.AddressSet));
    }

    [Theory]
    [InlineData("""["192.0.2.1",1]""")]
    [InlineData("""["192.0.2"]""")]
    [InlineData("""["192.0.2.1",null]""")]
    [InlineData("""[["192.0.2.1"]]""")]
    [InlineData("\"192.0.2.1\"")]
    [InlineData("{}")]
    public void Json_InvalidContent_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, SnapshotJson.Compact.AddressSet));

    private static AddressSet Of(params string[] addresses) => new(addresses.Select(IPAddress.Parse));
}
