using Esddns.Configuration;
using Microsoft.Extensions.Configuration;
using static Esddns.Tests.Configuration.ReadSettings;

namespace Esddns.Tests.Configuration;

/// <summary>Invalid records and sources: duplicates, names, combinations and missing settings.</summary>
public sealed class RecordMistakeTests
{
    [Fact]
    public void SameRecordTwice_IsAMistake()
    {
        var (_, errors) = Read(
            new()
            {
                ["Esddns:LiveDns:Token"] = "t",
                ["Esddns:Records:0:Zone"] = "example.com",
                ["Esddns:Records:1:Fqdn"] = "EXAMPLE.com",
            },
            []
        );
        Assert.Contains(
            "Esddns:Records:1: example.com A is configured twice, here and as Esddns:Records:0; remove one.",
            Assert.Single(errors),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("bücher.example.com", "xn--bcher-kva")]
    [InlineData("BÜCHER.example.com.", "bücher")]
    [InlineData("bücher。example.com", "XN--BCHER-KVA")]
    public void SameRecordInAnotherSpelling_IsAMistakeNamingBoth(string fqdn, string name)
    {
        var (_, errors) = Read(
            new()
            {
                ["Esddns:LiveDns:Token"] = "t",
                ["Esddns:Records:0:Fqdn"] = fqdn,
                ["Esddns:Records:1:Zone"] = "example.com",
                ["Esddns:Records:1:Name"] = name,
            },
            []
        );
        Assert.Contains(
            "Esddns:Records:1: xn--bcher-kva.example.com A is configured twice, here and as Esddns:Records:0",
            Assert.Single(errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void NameThatIsTooLong_IsAMistake()
    {
        var label = new string('a', 60);
        var settings = With("Records:0:Name", $"{label}.{label}.{label}.{label}");
        Assert.EndsWith(
            "with the zone it is longer than 253 characters; write a shorter one.",
            Assert.Single(Read(settings, []).Errors),
            StringComparison.Ordinal
        );
        settings["Esddns:Records:0:Name"] = $"{label}.{label}.{label}";
        Good(settings);
    }

    [Theory]
    [InlineData("none")]
    [InlineData(",")]
    public void RecordWithoutTypes_IsAMistake(string types) =>
        Assert.Equal(
            "Esddns:Records:0:Types: names no record type; write A, AAAA, or both.",
            Assert.Single(Read(With("Records:0:Types", types), []).Errors)
        );

    [Fact]
    public void SuffixWithMac_IsAMistake()
    {
        var settings = With("Records:0:Suffix", "::10");
        settings["Esddns:Records:0:Types"] = "AAAA";
        Assert.NotNull(Good(settings).Records[0].HostId);
        settings["Esddns:Records:0:Mac"] = "02:00:5e:10:00:01";
        Assert.Equal(
            "Esddns:Records:0:Mac: cannot be combined with Suffix; remove one of them.",
            Assert.Single(Read(settings, []).Errors)
        );
        settings["Esddns:Records:0:Suffix"] = null;
        Assert.NotNull(Good(settings).Records[0].HostId);
    }

    [Fact]
    public void NameWithFqdn_IsAMistake()
    {
        var settings = With("Records:1:Fqdn", "a.example.net");
        settings["Esddns:Records:1:Name"] = "a";
        Assert.StartsWith(
            "Esddns:Records:1:Fqdn: cannot be combined with Zone and Name",
            Assert.Single(Read(settings, []).Errors),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Update:Server", "", "Server")]
    [InlineData("Update:KeyName", "", "KeyName")]
    [InlineData("Update:Key", "", "Key")]
    public void UpdateWithMissingSetting_IsAMistake(string name, string value, string missing)
    {
        var (read, errors) = Read(With(name, value), []);
        Assert.Null(read);
        Assert.Contains(errors, e => e.StartsWith($"Esddns:Update:{missing}: missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void EmptyName_IsAMistake(string name)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Esddns:LiveDns:Token"] = "t",
            ["Esddns:Records:0:Zone"] = "example.com",
        };
        var environment = new Dictionary<string, string> { ["RECORD_NAME_ROOT"] = name };
        Assert.Contains(
            "RECORD_NAME_ROOT (Esddns:Records:0:Name): is empty; write @",
            Assert.Single(Read(settings, environment).Errors),
            StringComparison.Ordinal
        );
        settings["Esddns:Records:0:Name"] = name;
        Assert.StartsWith(
            "Esddns:Records:0:Name: is empty; write @",
            Assert.Single(Read(settings, []).Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Quorum_AboveTheNumberOfVoters_IsAMistake()
    {
        var settings = new Dictionary<string, string?>(Minimal)
        {
            ["Esddns:Discovery:Stun"] = "stun://a.one.example,stun://b.one.example,stun+tcp://a.one.example",
            ["Esddns:Discovery:Echo"] = "https://c.two.example/",
            ["Esddns:Discovery:Dns"] = "none",
            ["Esddns:Agreement:Quorum"] = "3",
        };
        Good(settings);
        settings["Esddns:Discovery:Interfaces"] = "false";
        Assert.StartsWith(
            "Esddns:Agreement:Quorum: '3' is more than the 2 providers of the sources (one.example, two.example); add",
            Assert.Single(Read(settings, []).Errors),
            StringComparison.Ordinal
        );
        settings["Esddns:Agreement:Quorum"] = "2";
        Good(settings);
    }

    [Fact]
    public void NoSourceConfigured_IsOneMistake()
    {
        var settings = With("Discovery:Stun", "none");
        settings["Esddns:Discovery:Echo"] = settings["Esddns:Discovery:Dns"] = "none";
        Assert.StartsWith(
            "Esddns:Discovery: no address source is configured",
            Assert.Single(Read(settings, []).Errors),
            StringComparison.Ordinal
        );
        settings["Esddns:Discovery:Stun"] = "stun";
        Assert.StartsWith(
            "Esddns:Discovery:Stun: 'stun' is not",
            Assert.Single(Read(settings, []).Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void NoRecord_OutsideACluster_IsAMistake()
    {
        var reader = new SettingsReader(new ConfigurationBuilder().Build());
        ReadSettings.From(reader, isInCluster: true);
        Assert.Empty(reader.Errors);
        ReadSettings.From(reader, isInCluster: false);
        Assert.Equal(2, reader.Errors.Count);
        Assert.Contains(
            reader.Errors,
            e =>
                e.StartsWith(
                    "Esddns:Records: no record is configured; set TARGET_DOMAIN_FQDN",
                    StringComparison.Ordinal
                )
        );
    }
}
