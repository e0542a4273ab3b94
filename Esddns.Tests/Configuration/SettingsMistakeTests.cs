using Esddns.Configuration;
using Microsoft.Extensions.Configuration;
using static Esddns.Tests.Configuration.ReadSettings;

namespace Esddns.Tests.Configuration;

/// <summary>Invalid settings: each gives one error line.</summary>
public sealed class SettingsMistakeTests
{
    [Fact]
    public void Mistakes_AreReportedTogetherWithKeyAndRemedy()
    {
        var (settings, errors) = Read(
            new()
            {
                ["Esddns:Records:0:Zone"] = "exa mple",
                ["Esddns:Records:0:Types"] = "A,MX",
                ["Esddns:Records:1:Ttl"] = "300",
                ["Esddns:Discovery:Stun"] = "stun.example.net",
                ["Esddns:Agreement:AllowedRanges"] = "home",
                ["Esddns:LiveDns:Scheme"] = "Basic",
                ["Esddns:CanaryInterval"] = "0",
                ["Esddns:Recrods:0:Zone"] = "example.com",
            },
            new() { ["RECORD_TTL"] = "60" }
        );
        Assert.Null(settings);
        string[] expected =
        [
            "Esddns:Records:0:Zone: 'exa mple' is not a domain name",
            "RECORD_TTL (Esddns:Records:0:Ttl): '60' is not a whole number from 300 to 2592000",
            "Esddns:Records:0:Types: 'MX' is not one of A, AAAA",
            "Esddns:Records:1:Zone: missing",
            "Esddns:Discovery:Stun: 'stun.example.net' is not a STUN server",
            "Esddns:Agreement:AllowedRanges: 'home' is not one of",
            "Esddns:LiveDns:Scheme: 'Basic' is not one of Auto, Bearer, Apikey",
            "Esddns:CanaryInterval: '0' is not a duration from 1 to 3600 seconds",
            "Esddns:LiveDns:Token: no token is configured; set API_KEY",
            "Esddns:Recrods:0:Zone: unknown setting",
        ];
        foreach (var line in expected)
            Assert.Contains(errors, e => e.StartsWith(line, StringComparison.Ordinal));
        Assert.Equal(expected.Length, errors.Count);
    }

    [Fact]
    public void ExcludedNamespaces_WithWatchNamespace_GiveOneLine()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Esddns:Kubernetes:WatchNamespace"] = "team",
            ["Esddns:Kubernetes:ExcludedNamespaces"] = "trial",
        };
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        Operator.Kubernetes.KubernetesSettings.Read(reader, _ => null);
        Assert.StartsWith(
            "Esddns:Kubernetes:ExcludedNamespaces: has no effect together with WatchNamespace",
            Assert.Single(reader.Errors),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Esddns:Records:0:Types", "AAAAA", "Esddns:Records:0:Suffix", "::10")]
    [InlineData("Esddns:Kubernetes:LeaseDuration", "long", "Esddns:Kubernetes:RenewDeadline", "20")]
    [InlineData("Esddns:Kubernetes:WatchNamespace", "a b", "Esddns:Kubernetes:SharedWith", "team")]
    [InlineData("Esddns:Kubernetes:ExcludedNamespaces:1", "Team", "Esddns:Kubernetes:ExcludedNamespaces:0", "team")]
    [InlineData("Esddns:Kubernetes:ExcludedNamespaces", "-a", "Esddns:Kubernetes:SharedWith", "team")]
    [InlineData(
        "Esddns:Kubernetes:AllowedDomains:team:1",
        "a b",
        "Esddns:Kubernetes:AllowedDomains:team:0",
        "example.com"
    )]
    [InlineData(
        "Esddns:Kubernetes:AllowedDomains:team",
        "a b",
        "Esddns:Kubernetes:AllowedDomains:other",
        "example.com,a.example"
    )]
    public void InvalidSetting_WithRelatedSetting_GivesOneLine(string key, string value, string otherKey, string other)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Esddns:LiveDns:Token"] = "t",
            ["Esddns:Records:0:Zone"] = "example.com",
            [key] = value,
            [otherKey] = other,
        };
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        Operator.Kubernetes.KubernetesSettings.Read(reader, _ => null);
        ReadSettings.From(reader, isInCluster: false);
        Assert.Contains($"'{value}'", Assert.Single(reader.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Discovery:Dns", "dns://ns.example.com/name?type=MX")]
    [InlineData("Discovery:Dns", "dns://ns.example.com/name?typo=TXT")]
    [InlineData("Discovery:Dns", "dns://ns.example.com/name?type=TXT;class=HS")]
    [InlineData("Discovery:Stun", "stun://a.example/path")]
    [InlineData("Discovery:Stun", "stun://a.example?x=1")]
    [InlineData("Discovery:Stun", "none,stun://a.example")]
    [InlineData("Update:Server", "dns://ns.example.com:0")]
    [InlineData("Update:Server", "dns://ns.example.com/zone")]
    [InlineData("Update:Zones", "example.com,EXAMPLE.com.")]
    [InlineData("LiveDns:AllowHttp", "yes")]
    [InlineData("Agreement:Classes", "4")]
    public void UnsupportedValue_IsOneMistake(string name, string value) =>
        Assert.StartsWith(
            $"Esddns:{name}",
            Assert.Single(Read(With(name, value), []).Errors),
            StringComparison.Ordinal
        );

    [Fact]
    public void AllowedRanges_None_IsEmpty() =>
        Assert.Empty(Good(With("Agreement:AllowedRanges", "none")).Agreement.AllowedRanges);

    [Fact]
    public void StateFile_BelowTheHomeFolder_IsExpanded()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.Equal(Path.Join(home, "x.json"), Good(With("State:File", "~/x.json")).State.File);
        Assert.Null(Good(With("State:File", "None")).State.File);
    }

    /// <summary>
    /// Both limits are valid. A value outside of the range is an error that names key, value and range.
    /// </summary>
    [Theory]
    [InlineData("SyncInterval", "10", "86400", "9.9", "86401", "a duration from 10 to 86400 seconds")]
    [InlineData("CanaryInterval", "1", "01:00:00", "0.9", "3601", "a duration from 1 to 3600 seconds")]
    [InlineData("Discovery:Timeout", "0.1", "40", "0.09", "40.1", "a duration from 0.1 to 40 seconds")]
    [InlineData("Agreement:HoldDown", "0", "60", "-1", "61", "a duration from 0 to 60 seconds")]
    [InlineData("Agreement:Classes", "1", "3", "0", "4", "a whole number from 1 to 3")]
    [InlineData("Agreement:Quorum", "1", "8", "0", "101", "a whole number from 1 to 100")]
    [InlineData("LiveDns:Timeout", "1", "300", "0.9", "301", "a duration from 1 to 300 seconds")]
    [InlineData("LiveDns:RequestsPerMinute", "1", "1000", "0", "1001", "a whole number from 1 to 1000")]
    [InlineData("LiveDns:MaxConcurrentRequests", "1", "64", "0", "65", "a whole number from 1 to 64")]
    [InlineData("Update:Timeout", "1", "300", "0.9", "00:05:01", "a duration from 1 to 300 seconds")]
    [InlineData("Propagation:Interval", "1", "1.00:00:00", "0.9", "86401", "a duration from 1 to 86400 seconds")]
    [InlineData("Records:0:Ttl", "300", "2592000", "299", "2592001", "a whole number from 300 to 2592000")]
    public void Number_OutsideItsRange_IsAMistake(
        string name,
        string min,
        string max,
        string below,
        string above,
        string expected
    )
    {
        foreach (var value in (string[])[min, max])
            Good(With(name, value));
        foreach (var value in (string[])[below, above, "x", "1,5"])
            Assert.Contains(
                $"Esddns:{name}: '{value}' is not {expected}",
                Assert.Single(Read(With(name, value), []).Errors),
                StringComparison.Ordinal
            );
    }

    /// <summary>One error gives one line.</summary>
    [Theory]
    [InlineData("Update:Key", "notbase64", "Esddns:Update:Key: is not Base64.")]
    [InlineData("Update:Key", "", "Esddns:Update:Key: missing; set it to the Base64 secret")]
    [InlineData("Update:KeyName", "a b", "Esddns:Update:KeyName: 'a b' is not a domain name")]
    [InlineData("Update:KeyName", "", "Esddns:Update:KeyName: missing; set it to the name of the TSIG key.")]
    [InlineData(
        "Update:KeyAlgorithm",
        "Md5",
        "Esddns:Update:KeyAlgorithm: 'Md5' is not one of HmacSha256, HmacSha512."
    )]
    [InlineData("Update:Zones", "a b", "Esddns:Update:Zones: 'a b' is not a domain name")]
    [InlineData("Update:Zones", "", "Esddns:Update:Zones: missing; set it to the zones")]
    [InlineData("Update:Server", "", "Esddns:Update:Server: missing; set it to the name server")]
    [InlineData(
        "Update:Server",
        "ns.example.com",
        "Esddns:Update:Server: 'ns.example.com' is not a name server like dns://host:53."
    )]
    [InlineData("Discovery:Interfaces", "maybe", "Esddns:Discovery:Interfaces: 'maybe' is not true or false.")]
    [InlineData(
        "Propagation:NameServers",
        "tcp://x",
        "Esddns:Propagation:NameServers: 'tcp://x' is not a name server like dns://host:53."
    )]
    [InlineData(
        "Records:0:Name",
        "home.example.com",
        "Esddns:Records:0:Name: 'home.example.com' ends with the zone example.com; write only"
    )]
    [InlineData("Records:0:Name", "*.Example.com", "ends with the zone example.com; write only")]
    [InlineData(
        "Records:0:Name",
        "example.com",
        "Esddns:Records:0:Name: 'example.com' ends with the zone example.com; write only"
    )]
    [InlineData("Records:0:Name", "a\nb", "Esddns:Records:0:Name: 'a b' is not an owner name")]
    [InlineData(
        "Records:0:Policy",
        "keep",
        "Esddns:Records:0:Policy: 'keep' is not one of Merge, Replace, ObserveOnly."
    )]
    [InlineData("State:File", "/dev/null", "Esddns:State:File: '/dev/null' is not a file path")]
    [InlineData("State:File", "/var/lib/esddns/", "Esddns:State:File: '/var/lib/esddns/' is not a file path")]
    [InlineData(
        "LiveDns:BaseUrl",
        "ftp://example.com",
        "Esddns:LiveDns:BaseUrl: 'ftp://example.com' is not an address like https://api.gandi.net/v5/livedns."
    )]
    [InlineData(
        "LiveDns:BaseUrl",
        "http://api.example.com/",
        "Esddns:LiveDns:BaseUrl: 'http://api.example.com/' would send the token unencrypted"
    )]
    [InlineData(
        "Records:0:Fqdn",
        "home.example.com",
        "Esddns:Records:0:Fqdn: cannot be combined with Zone and Name; remove one of them."
    )]
    [InlineData(
        "Records:0:Suffix",
        "::10",
        "Esddns:Records:0:Types: does not include AAAA, but Suffix or Mac is set; add AAAA, or remove Suffix or Mac."
    )]
    [InlineData("Discovery:Echo", "https:///path", "Esddns:Discovery:Echo: 'https:///path' is not the address of an")]
    [InlineData("LiveDns:Scheme", "1", "Esddns:LiveDns:Scheme: '1' is not one of Auto, Bearer, Apikey.")]
    [InlineData("Update:Key", "=", "Esddns:Update:Key: is not Base64.")]
    [InlineData(
        "LiveDns:BaseUrl",
        "https://api.example.com/v5?key=s3cret",
        "Esddns:LiveDns:BaseUrl: contains a query or a fragment; remove it."
    )]
    [InlineData(
        "LiveDns:BaseUrl",
        "https://api.example.com/v5#a",
        "Esddns:LiveDns:BaseUrl: contains a query or a fragment; remove it."
    )]
    [InlineData(
        "Discovery:Dns",
        "dns://ns.example.com",
        "Esddns:Discovery:Dns: 'dns://ns.example.com/' has no name to query; write dns://host/name?type=A."
    )]
    [InlineData(
        "Discovery:Stun",
        "stun://stun.example.com:0",
        "Esddns:Discovery:Stun: 'stun://stun.example.com:0' has port 0; write the port of the server, or leave it out."
    )]
    [InlineData("LiveDns:Token", "two words", "Esddns:LiveDns:Token: contains a space")]
    [InlineData("LiveDns:Token", "t\u007fk", "Esddns:LiveDns:Token: contains a space")]
    [InlineData("LiveDns:Token", "tökn", "Esddns:LiveDns:Token: contains a space")]
    [InlineData("LiveDns:SecondToken", "two\twords", "Esddns:LiveDns:SecondToken: contains a space")]
    [InlineData("LiveDns:Token", "", "Esddns:LiveDns:Token: no token is configured; set API_KEY")]
    [InlineData(
        "LiveDns:TokenFile",
        "/nowhere/token",
        "Esddns:LiveDns:TokenFile: cannot be combined with Esddns:LiveDns:Token; remove one of them."
    )]
    [InlineData(
        "LiveDns:SecondTokenFile",
        "/nowhere/token",
        "Esddns:LiveDns:SecondTokenFile: the file /nowhere/token cannot be read: No such file or directory."
    )]
    [InlineData(
        "LiveDns:SecondTokenFile",
        "/dev/null",
        "Esddns:LiveDns:SecondTokenFile: the file /dev/null cannot be read: it is not a regular file."
    )]
    [InlineData("LiveDns:SecondTokenFile", "s3cret", "Esddns:LiveDns:SecondTokenFile: the file cannot be read")]
    [InlineData(
        "Update:KeyFile",
        "/nowhere/key",
        "Esddns:Update:KeyFile: cannot be combined with Esddns:Update:Key; remove one of them."
    )]
    public void Mistake_GivesOneLine(string name, string value, string expected)
    {
        var settings = With(name, value);
        if (!name.StartsWith("LiveDns", StringComparison.Ordinal))
            foreach (var (key, text) in UpdateServer)
                settings.TryAdd(key, text);
        Assert.Contains(expected, Assert.Single(Read(settings, []).Errors), StringComparison.Ordinal);
    }
}
