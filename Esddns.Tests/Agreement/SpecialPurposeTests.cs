using System.Net;
using System.Text.RegularExpressions;
using Esddns.Operator.Agreement;
using Esddns.Operator.Net;
using Esddns.Tests.Support;

namespace Esddns.Tests.Agreement;

/// <summary>
/// Compares the table with the IANA registries. Data/*.csv is copied row by row from a listing of 2026, in the form of
/// https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry-1.csv and
/// https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry-1.csv.
/// </summary>
public sealed partial class SpecialPurposeTests
{
    [Theory]
    [InlineData("ipv4", 26)]
    [InlineData("ipv6", 25)]
    public void RegistryBlocks_AreCompletelyInTheTable(string family, int count)
    {
        var blocks = Registry(family);
        Assert.Equal(count, blocks.Length);
        Assert.All(
            blocks,
            block =>
                Assert.Contains(
                    SpecialPurposeRanges.All,
                    r => r.Network.PrefixLength <= block.PrefixLength && r.Network.Covers(block.BaseAddress)
                )
        );
    }

    [Fact]
    public void TableRanges_AreInTheRegistryOrListedHere()
    {
        string[] elsewhere = ["224.0.0.0/4", "ff00::/8", "3ffe::/16", "::/3", "4000::/2", "8000::/1"];
        var registered = Registry("ipv4").Concat(Registry("ipv6")).Select(n => n.ToString()).ToHashSet();
        Assert.Empty(SpecialPurposeRanges.All.Select(r => r.Network.ToString()).Except(registered).Except(elsewhere));
        Assert.Equal(SpecialPurposeRanges.All.Count, SpecialPurposeRanges.All.DistinctBy(r => r.Network).Count());
    }

    [Fact]
    public void Find_SameFirstOctets_DistinguishesIPv4AndIPv6()
    {
        for (var first = 0; first < 256; first++)
        {
            var address = new IPAddress([(byte)first, 1, 2, 3]);
            var expected = first is 0 or 10 or 127 or >= 224;
            Assert.True(SpecialPurposeRanges.Find(address) is not null == expected, $"{address}");
            Assert.Equal("ipv4-mapped", SpecialPurposeRanges.Find(address.MapToIPv6())?.Name);

            // The first bits are equal to those of the IPv6 block: 32.1.2.3 has the bits of 2001:203::.
            var same = new IPAddress([(byte)first, 1, 2, 3, .. new byte[12]]);
            var isGlobal = first is >= 0x20 and < 0x40;
            Assert.True(SpecialPurposeRanges.Find(same) is null == isGlobal, $"{same}");
        }
    }

    [Fact]
    public void MappedRange_CannotBeAllowed() => Assert.DoesNotContain("ipv4-mapped", SpecialPurposeRanges.Names);

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", false)]
    [InlineData("0.0.0.0/0", "255.1.2.3", true)]
    [InlineData("0.0.0.0/0", "::", false)]
    [InlineData("192.0.2.1/32", "192.0.2.1", true)]
    [InlineData("192.0.2.1/32", "192.0.2.2", false)]
    [InlineData("::ffff:0:0/96", "::ffff:10.1.2.3", true)]
    [InlineData("::/0", "ffff::1", true)]
    [InlineData("::/0", "1.2.3.4", false)]
    [InlineData("::1/128", "::1", true)]
    [InlineData("::1/128", "::2", false)]
    [InlineData("8000::/1", "ffff::", true)]
    [InlineData("8000::/1", "7fff::", false)]
    public void Covers_ComparesFamilyAndPrefix(string network, string address, bool expected) =>
        Assert.Equal(expected, IPNetwork.Parse(network).Covers(IPAddress.Parse(address)));

    private static IPNetwork[] Registry(string family)
    {
        var csv = File.ReadAllText(
            Path.Combine(Repository.Root, $"Esddns.Tests/Agreement/Data/iana-{family}-special-registry-1.csv")
        );
        return [.. Block().Matches(csv).Select(m => IPNetwork.Parse(m.Value))];
    }

    [GeneratedRegex(@"(?<=^""?|^""[0-9./]+, )[0-9a-f]*[.:][0-9a-f.:]*/\d+", RegexOptions.Multiline)]
    private static partial Regex Block();
}
