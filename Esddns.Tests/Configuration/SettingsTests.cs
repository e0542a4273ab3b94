using Esddns.Operator.Configuration;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.Reconcile;
using Microsoft.Extensions.Configuration;

namespace Esddns.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void OldEnvironment_Alone_IsEnough()
    {
        var settings = Good([], new() { ["API_KEY"] = "token", ["TARGET_DOMAIN_FQDN"] = "example.co.uk", ["RECORD_NAME_ROOT"] = "home", ["RECORD_TTL"] = "600", ["DNS_SYNC_INTERVAL"] = "60" });
        var record = Assert.Single(settings.Records);
        Assert.Equal(("home.example.co.uk", "example.co.uk", RecordType.A, 600), (record.Fqdn.ToString(), record.Zone!.ToString(), record.Type, record.Ttl));
        Assert.Equal((TimeSpan.FromMinutes(1), "token"), (settings.Loop.SyncInterval, settings.LiveDns.Token));
        Assert.Equal(new Uri("https://api.gandi.net/v5/livedns"), settings.LiveDns.BaseUrl);
        Assert.Equal(3, settings.Discovery.Echo.Count);
    }

    [Fact]
    public void OldEnvironment_SetsTypes()
    {
        var settings = Good([], new()
        {
            ["API_KEY"] = "token",
            ["TARGET_DOMAIN_FQDN"] = "example.com",
            ["RECORD_TYPE_A"] = "AAAA",
            ["RECORD_TTL"] = "",
        });
        Assert.Equal((RecordType.AAAA, "example.com", 300),
            (settings.Records[0].Type, settings.Records[0].Fqdn.ToString(), settings.Records[0].Ttl));
    }

    [Fact]
    public void OldEnvironment_WinsOverEverything()
    {
        var settings = Good(
            new() { ["Esddns:LiveDns:Token"] = "new", ["Esddns:Records:0:Zone"] = "example.com", ["Esddns:Records:0:Name"] = "www" },
            new() { ["API_KEY"] = "old", ["TARGET_DOMAIN_FQDN"] = "example.net" });
        Assert.Equal(("old", "www.example.net"), (settings.LiveDns.Token, settings.Records[0].Fqdn.ToString()));
    }

    [Fact]
    public void Records_HaveTheirOwnTtlTypesAndPolicy()
    {
        var settings = Good(new()
        {
            ["Esddns:LiveDns:Token"] = "token",
            ["Esddns:Records:0:Zone"] = "example.com",
            ["Esddns:Records:0:Types"] = "A,AAAA",
            ["Esddns:Records:0:Ttl"] = "1800",
            ["Esddns:Records:1:Fqdn"] = "*.lab.example.co.uk",
            ["Esddns:Records:1:Policy"] = "replace",
        });
        Assert.Equal(
            [("example.com", RecordType.A, 1800, RecordPolicy.Merge), ("example.com", RecordType.AAAA, 1800, RecordPolicy.Merge), ("*.lab.example.co.uk", RecordType.A, 300, RecordPolicy.Replace)],
            settings.Records.Select(r => (r.Fqdn.ToString(), r.Type, r.Ttl, r.Policy)));
    }

    [Fact]
    public void EveryMistake_IsReportedAtOnceWithItsPlaceAndTheWayOut()
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
            new() { ["RECORD_TTL"] = "60" });
        Assert.Null(settings);
        string[] expected =
        [
            "Esddns:Records:0:Zone: 'exa mple' is not a domain name",
            "RECORD_TTL (Esddns:Records:0:Ttl): '60' is not a whole number from 300 to 2592000",
            "Esddns:Records:0:Types: 'MX' is not one of A, AAAA",
            "Esddns:Records:1:Zone: missing",
            "Esddns:Discovery:Stun: 'stun.example.net' is not a STUN server",
            "Esddns:Agreement:AllowedRanges: 'home' is no special-purpose range; there are",
            "Esddns:LiveDns:Scheme: 'Basic' is not one of Auto, Bearer, Apikey",
            "Esddns:CanaryInterval: '0' is not a duration from 1 to 3600 seconds",
            "Esddns:LiveDns:Token: no token; set API_KEY",
            "Esddns:Recrods:0:Zone: there is no such setting",
        ];
        foreach (var line in expected) Assert.Contains(errors, e => e.StartsWith(line, StringComparison.Ordinal));
        Assert.Equal(expected.Length, errors.Count);
    }

    [Fact]
    public void SameRecordTwice_IsAMistake()
    {
        var (_, errors) = Read(new() { ["Esddns:LiveDns:Token"] = "t", ["Esddns:Records:0:Zone"] = "example.com", ["Esddns:Records:1:Fqdn"] = "EXAMPLE.com" }, []);
        Assert.Contains("Esddns:Records:1: example.com A is configured twice, here and as Esddns:Records:0; remove one.", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bücher.example.com", "xn--bcher-kva")]
    [InlineData("BÜCHER.example.com.", "bücher")]
    [InlineData("bücher。example.com", "XN--BCHER-KVA")]
    public void SameRecordInAnotherSpelling_IsAMistakeThatNamesBoth(string fqdn, string name)
    {
        var (_, errors) = Read(new()
        {
            ["Esddns:LiveDns:Token"] = "t",
            ["Esddns:Records:0:Fqdn"] = fqdn,
            ["Esddns:Records:1:Zone"] = "example.com",
            ["Esddns:Records:1:Name"] = name,
        }, []);
        Assert.Contains("Esddns:Records:1: xn--bcher-kva.example.com A is configured twice, here and as Esddns:Records:0", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Esddns:Records:0:Types", "AAAAA", "Esddns:Records:0:Suffix", "::10")]
    [InlineData("Esddns:Kubernetes:LeaseDuration", "long", "Esddns:Kubernetes:RenewDeadline", "20")]
    [InlineData("Esddns:Kubernetes:AllowedDomains:team:1", "a b", "Esddns:Kubernetes:AllowedDomains:team:0", "example.com")]
    [InlineData("Esddns:Kubernetes:AllowedDomains:team", "a b", "Esddns:Kubernetes:AllowedDomains:other", "example.com,example.org")]
    public void OneMistake_BesideASettingThatIsComparedWithIt_IsOneLine(string key, string value, string otherKey, string other)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Esddns:LiveDns:Token"] = "t",
            ["Esddns:Records:0:Zone"] = "example.com",
            [key] = value,
            [otherKey] = other,
        };
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), _ => null);
        Operator.Kubernetes.KubernetesSettings.Read(reader, _ => null);
        OperatorSettings.Read(reader, isInCluster: false);
        Assert.Contains($"'{value}'", Assert.Single(reader.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void EmptyName_IsNotTheZoneItself(string name)
    {
        var settings = new Dictionary<string, string?> { ["Esddns:LiveDns:Token"] = "t", ["Esddns:Records:0:Zone"] = "example.com" };
        var environment = new Dictionary<string, string> { ["RECORD_NAME_ROOT"] = name };
        Assert.Contains("RECORD_NAME_ROOT (Esddns:Records:0:Name): is empty; write @", Assert.Single(Read(settings, environment).Errors), StringComparison.Ordinal);
        settings["Esddns:Records:0:Name"] = name;
        Assert.StartsWith("Esddns:Records:0:Name: is empty; write @", Assert.Single(Read(settings, []).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_NeverPrintTheToken() =>
        Assert.DoesNotContain("s3cret", new LiveDnsOptions { Token = "s3cret" }.ToString(), StringComparison.Ordinal);

    /// <summary>
    /// Both ends belong to the range; what lies beyond them is a mistake that names key, value and range.
    /// </summary>
    [Theory]
    [InlineData("SyncInterval", "10", "86400", "9.9", "86401", "a duration from 10 to 86400 seconds")]
    [InlineData("CanaryInterval", "1", "01:00:00", "0.9", "3601", "a duration from 1 to 3600 seconds")]
    [InlineData("Discovery:Timeout", "0.1", "40", "0.09", "40.1", "a duration from 0.1 to 40 seconds")]
    [InlineData("Agreement:HoldDown", "0", "60", "-1", "61", "a duration from 0 to 60 seconds")]
    [InlineData("Agreement:Classes", "1", "4", "0", "5", "a whole number from 1 to 4")]
    [InlineData("Agreement:Quorum", "1", "8", "0", "101", "a whole number from 1 to 100")]
    [InlineData("LiveDns:Timeout", "1", "300", "0.9", "301", "a duration from 1 to 300 seconds")]
    [InlineData("LiveDns:RequestsPerMinute", "1", "1000", "0", "1001", "a whole number from 1 to 1000")]
    [InlineData("Update:Timeout", "1", "300", "0.9", "00:05:01", "a duration from 1 to 300 seconds")]
    [InlineData("Propagation:Interval", "1", "1.00:00:00", "0.9", "86401", "a duration from 1 to 86400 seconds")]
    [InlineData("Records:0:Ttl", "300", "2592000", "299", "2592001", "a whole number from 300 to 2592000")]
    public void Number_HasItsRange(string name, string least, string most, string below, string above, string expected)
    {
        foreach (var value in (string[])[least, most]) Good(With(name, value));
        foreach (var value in (string[])[below, above, "x", "1,5"])
            Assert.Contains($"Esddns:{name}: '{value}' is not {expected}",
                Assert.Single(Read(With(name, value), []).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_ArriveWhereTheyBelong()
    {
        var settings = Good(new(Update)
        {
            ["Esddns:SyncInterval"] = "11",
            ["Esddns:CanaryInterval"] = "12",
            ["Esddns:Discovery:Timeout"] = "13",
            ["Esddns:Discovery:Interfaces"] = "false",
            ["Esddns:Discovery:Stun:0"] = "stun://a.example",
            ["Esddns:Discovery:Echo"] = "https://b.example/,http://c.example/",
            ["Esddns:Discovery:Dns"] = "none",
            ["Esddns:Agreement:Quorum"] = "3",
            ["Esddns:Agreement:Classes"] = "4",
            ["Esddns:Agreement:HoldDown"] = "14",
            ["Esddns:Agreement:AllowedRanges"] = "documentation, private-use",
            ["Esddns:Propagation:NameServers"] = "dns://d.example",
            ["Esddns:Propagation:Interval"] = "15",
            ["Esddns:State:File"] = "state.json",
            ["Esddns:Update:Timeout"] = "16",
        });
        Assert.Equal((11, 12), (settings.Loop.SyncInterval.TotalSeconds, settings.Loop.CanaryInterval.TotalSeconds));
        Assert.Equal((13, false), (settings.Discovery.Timeout.TotalSeconds, settings.Discovery.Interfaces));
        Assert.Equal((1, 2, 0),
            (settings.Discovery.Stun.Count, settings.Discovery.Echo.Count, settings.Discovery.Dns.Count));
        Assert.Equal((3, 4, 14),
            (settings.Agreement.Quorum, settings.Agreement.Classes, settings.Agreement.HoldDown.TotalSeconds));
        Assert.Equal(["documentation", "private-use"], settings.Agreement.AllowedRanges.Order());
        Assert.Equal((15, "d.example"),
            (settings.Authoritative.Interval.TotalSeconds, Assert.Single(settings.Authoritative.NameServers!).Host));
        Assert.Equal("state.json", settings.State.File);
        Assert.Equal((16, "ns.example.com", "key"),
            (settings.Update!.Timeout.TotalSeconds, settings.Update.Server.Host, settings.Update.KeyName.ToString()));
        Assert.Equal("example.com", Assert.Single(settings.Update.Zones).ToString());
    }

    [Fact]
    public void LeftOut_IsTheDefault()
    {
        var settings = Good(Minimal);
        Assert.Equal((300, 10), (settings.Loop.SyncInterval.TotalSeconds, settings.Loop.CanaryInterval.TotalSeconds));
        Assert.Equal((5, true, 3, 3, 3), (settings.Discovery.Timeout.TotalSeconds, settings.Discovery.Interfaces,
            settings.Discovery.Stun.Count, settings.Discovery.Echo.Count, settings.Discovery.Dns.Count));
        var (rule, gandi, record) = (settings.Agreement, settings.LiveDns, settings.Records[0]);
        Assert.Equal((2, 2, 2, 0), (rule.Quorum, rule.Classes, rule.HoldDown.TotalSeconds, rule.AllowedRanges.Count));
        Assert.Equal((60, 1000), (gandi.Timeout.TotalSeconds, gandi.RequestsPerMinute));
        Assert.Equal((LiveDnsScheme.Auto, null), (gandi.Scheme, gandi.TokenExpires));
        Assert.Equal((300, null), (settings.Authoritative.Interval.TotalSeconds, settings.Authoritative.NameServers));
        Assert.Equal((300, RecordPolicy.Merge), (record.Ttl, record.Policy));
        Assert.Equal((AbsencePolicy.Preserve, null, null), (record.WhenAbsent, record.HostId, settings.Update));
        Assert.EndsWith("/esddns/state.json", settings.State.File, StringComparison.Ordinal);
        Assert.Equal(10, Good(new(Update)).Update!.Timeout.TotalSeconds);
        Assert.Null(Good(With("State:File", "none")).State.File);
    }

    /// <summary>One mistake, one line.</summary>
    [Theory]
    [InlineData("Update:Key", "notbase64", "Esddns:Update:Key: is not Base64.")]
    [InlineData("Update:Key", "", "Esddns:Update:Key: missing; give")]
    [InlineData("Update:KeyName", "a b", "Esddns:Update:KeyName: 'a b' is not a domain name")]
    [InlineData("Update:KeyName", "", "Esddns:Update:KeyName: missing; name the TSIG key.")]
    [InlineData("Update:KeyAlgorithm", "Md5",
        "Esddns:Update:KeyAlgorithm: 'Md5' is not one of HmacSha256, HmacSha512.")]
    [InlineData("Update:Zones", "a b", "Esddns:Update:Zones: 'a b' is not a domain name")]
    [InlineData("Update:Zones", "", "Esddns:Update:Zones: missing; name the zones")]
    [InlineData("Update:Server", "", "Esddns:Update:Server: missing; name the server")]
    [InlineData("Update:Server", "ns.example.com",
        "Esddns:Update:Server: 'ns.example.com' is not a name server like dns://host:53.")]
    [InlineData("Discovery:Interfaces", "maybe", "Esddns:Discovery:Interfaces: 'maybe' is not true or false.")]
    [InlineData("Propagation:NameServers", "tcp://x",
        "Esddns:Propagation:NameServers: 'tcp://x' is not a name server like dns://host:53.")]
    [InlineData("Records:0:Name", "home.example.com",
        "Esddns:Records:0:Name: 'home.example.com' ends with the zone example.com; write only")]
    [InlineData("Records:0:Name", "*.Example.com", "ends with the zone example.com; write only")]
    [InlineData("Records:0:Name", "example.com",
        "Esddns:Records:0:Name: 'example.com' ends with the zone example.com; write only")]
    [InlineData("Records:0:Name", "a\nb", "Esddns:Records:0:Name: 'a b' is not an owner name")]
    [InlineData("Records:0:Policy", "keep",
        "Esddns:Records:0:Policy: 'keep' is not one of Merge, Replace, ObserveOnly.")]
    [InlineData("State:File", "/dev/null", "Esddns:State:File: '/dev/null' is no place for a file")]
    [InlineData("State:File", "/var/lib/esddns/", "Esddns:State:File: '/var/lib/esddns/' is no place for a file")]
    [InlineData("LiveDns:BaseUrl", "ftp://example.com",
        "Esddns:LiveDns:BaseUrl: 'ftp://example.com' is not an address like https://api.gandi.net/v5/livedns.")]
    [InlineData("LiveDns:BaseUrl", "http://api.example.com/",
        "Esddns:LiveDns:BaseUrl: 'http://api.example.com/' would send the token unencrypted")]
    [InlineData("LiveDns:Token", "two words", "Esddns:LiveDns:Token: has a space")]
    [InlineData("LiveDns:Token", "t\u007fk", "Esddns:LiveDns:Token: has a space")]
    [InlineData("LiveDns:Token", "tökn", "Esddns:LiveDns:Token: has a space")]
    [InlineData("LiveDns:SecondToken", "two\twords", "Esddns:LiveDns:SecondToken: has a space")]
    [InlineData("LiveDns:Token", "", "Esddns:LiveDns:Token: no token; set API_KEY")]
    [InlineData("LiveDns:TokenFile", "/nowhere/token",
        "Esddns:LiveDns:TokenFile: is set beside Esddns:LiveDns:Token; keep one of them.")]
    [InlineData("LiveDns:SecondTokenFile", "/nowhere/token",
        "Esddns:LiveDns:SecondTokenFile: the file /nowhere/token cannot be read: No such file or directory.")]
    [InlineData("LiveDns:SecondTokenFile", "/dev/null",
        "Esddns:LiveDns:SecondTokenFile: the file /dev/null cannot be read: it is not a regular file.")]
    [InlineData("LiveDns:SecondTokenFile", "s3cret",
        "Esddns:LiveDns:SecondTokenFile: the file that it names cannot be read")]
    [InlineData("Update:KeyFile", "/nowhere/key",
        "Esddns:Update:KeyFile: is set beside Esddns:Update:Key; keep one of them.")]
    public void Mistake_IsOneLine(string name, string value, string expected)
    {
        var settings = With(name, value);
        if (!name.StartsWith("LiveDns", StringComparison.Ordinal))
            foreach (var (key, text) in Update) settings.TryAdd(key, text);
        Assert.Contains(expected, Assert.Single(Read(settings, []).Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LiveDns:BaseUrl", "https://user:s3cret@api.example.com/")]
    [InlineData("Discovery:Echo", "https://s3cret@echo.example.com/")]
    [InlineData("Discovery:Stun", "http://user:s3cret@echo.example.com/")]
    [InlineData("Discovery:Stun", "user:s3cret@stun.example.com")]
    [InlineData("Discovery:Dns", "dns://user:s3cret@ns.example.com:99999/x")]
    [InlineData("Propagation:NameServers", "dns://s3cret@ns.example.com")]
    [InlineData("Update:Server", "dns://user:s3cret@ns.example.com")]
    public void UserInAnAddress_IsAMistakeThatDoesNotRepeatIt(string name, string value)
    {
        var settings = With(name, value);
        if (name == "Update:Server") foreach (var (key, text) in Update) settings.TryAdd(key, text);
        Assert.Equal($"Esddns:{name}: has a user name or a password in it; leave them out.",
            Assert.Single(Read(settings, []).Errors));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5380/v5/livedns", null)]
    [InlineData("http://localhost:5380/v5/livedns", null)]
    [InlineData("http://[::1]:5380/v5/livedns", null)]
    [InlineData("http://10.0.0.1:5380/v5/livedns", "true")]
    public void UnencryptedLiveDns_OnThisHostOrWhenAllowed_IsRight(string url, string? allow)
    {
        var settings = With("LiveDns:BaseUrl", url);
        settings["Esddns:LiveDns:AllowHttp"] = allow;
        var read = Good(settings).LiveDns;
        Assert.Equal((new Uri(url), allow is not null), (read.BaseUrl, read.AllowHttp));
    }

    /// <summary>The last day of a token ends at its midnight.</summary>
    [Theory]
    [InlineData("2027-01-31", "2027-01-31T23:59:59Z")]
    [InlineData("2028-02-29", "2028-02-29T23:59:59Z")]
    [InlineData("9999-12-31", "9999-12-31T23:59:59Z")]
    [InlineData("2027-01-31T12:00Z", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00.5+02:00", "2027-01-31T10:00:00.5Z")]
    public void TokenExpires_IsADateOrATime(string text, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            Good(With("LiveDns:TokenExpires", text)).LiveDns.TokenExpires);

    [Theory]
    [InlineData("01/02/2027")]
    [InlineData("31.1.2027")]
    [InlineData("2027-02-29")]
    [InlineData("2027-1-31")]
    [InlineData("January 31, 2027")]
    [InlineData("2027-01-31 12:00")]
    public void TokenExpires_OtherThanIso8601_IsAMistake(string text) => Assert.Contains(
        $"Esddns:LiveDns:TokenExpires: '{text}' is not a date like 2027-01-31",
            Assert.Single(Read(With("LiveDns:TokenExpires", text), []).Errors), StringComparison.Ordinal);

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
            "Esddns:Agreement:Quorum: '3' is more than the 2 providers of the sources (one.example, two.example); name",
            Assert.Single(Read(settings, []).Errors), StringComparison.Ordinal);
        settings["Esddns:Agreement:Quorum"] = "2";
        Good(settings);
    }

    [Fact]
    public void NoSourceLeft_IsOneMistake()
    {
        var settings = With("Discovery:Stun", "none");
        settings["Esddns:Discovery:Echo"] = settings["Esddns:Discovery:Dns"] = "none";
        Assert.StartsWith("Esddns:Discovery: no address source is left", Assert.Single(Read(settings, []).Errors),
            StringComparison.Ordinal);
        settings["Esddns:Discovery:Stun"] = "stun";
        Assert.StartsWith("Esddns:Discovery:Stun: 'stun' is not", Assert.Single(Read(settings, []).Errors),
            StringComparison.Ordinal);
    }

    [Fact]
    public void NoRecord_IsAMistakeOutsideOfACluster()
    {
        var reader = new SettingsReader(new ConfigurationBuilder().Build(), _ => null);
        OperatorSettings.Read(reader, isInCluster: true);
        Assert.Empty(reader.Errors);
        OperatorSettings.Read(reader, isInCluster: false);
        Assert.Equal(2, reader.Errors.Count);
        Assert.Contains(reader.Errors, e =>
            e.StartsWith("Esddns:Records: no record; set TARGET_DOMAIN_FQDN", StringComparison.Ordinal));
    }

    /// <summary>A contract of the old system: its variables win over everything.</summary>
    [Fact]
    public void OldToken_WinsOverAFile()
    {
        var settings = Good(
            new() { ["Esddns:LiveDns:TokenFile"] = "/nowhere/token", ["Esddns:Records:0:Zone"] = "example.com" },
                new() { ["API_KEY"] = "old" });
        Assert.Equal(("old", null), (settings.LiveDns.Token, settings.LiveDns.TokenFile));
    }

    [Theory]
    [InlineData("token\n", null)]
    [InlineData("", "is empty.")]
    [InlineData(" \n", "is empty.")]
    [InlineData("s3cret word", "has a space")]
    [InlineData("s3cret\nword", "has a space")]
    public void TokenFile_IsLookedInto(string text, string? mistake)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            foreach (var name in (string[])["Token", "SecondToken"])
            {
                var settings = With("Records:0:Zone", "example.com");
                settings.Remove($"Esddns:LiveDns:{name}");
                settings[$"Esddns:LiveDns:{name}File"] = file;
                var (read, errors) = Read(settings, []);
                var used = name == "Token" ? read?.LiveDns.TokenFile : read?.LiveDns.SecondTokenFile;
                if (mistake is null) Assert.Equal(file, used);
                else Assert.Contains(mistake, Assert.Single(errors), StringComparison.Ordinal);
                Assert.DoesNotContain(errors, e => e.Contains("s3cret", StringComparison.Ordinal));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void KeyFile_IsRead()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "c2VjcmV0\n");
            var settings = With("Update:KeyFile", file);
            settings["Esddns:Update:Key"] = null;
            Assert.Equal(file, Good(settings).Update!.KeyFile);
            File.WriteAllText(file, "not base64");
            Assert.Equal("Esddns:Update:KeyFile: is not Base64.", Assert.Single(Read(settings, []).Errors));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("DEBUG", "Debug")]
    [InlineData("ERROR", "Error")]
    [InlineData("critical", "Critical")]
    [InlineData("LOUD", "LOUD")]
    [InlineData("INFO", "Information")]
    [InlineData("warning", "Warning")]
    public void OldLogLevel_IsTranslated(string old, string level)
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddLegacyEnvironment(name => name == "KOPF_LOG_LEVEL" ? old : null);
        Assert.Equal(level, configuration.Build()["Logging:LogLevel:Default"]);
    }

    private static Dictionary<string, string?> Minimal =>
        new() { ["Esddns:LiveDns:Token"] = "token", ["Esddns:Records:0:Zone"] = "example.com" };

    private static Dictionary<string, string?> Update => new()
    {
        ["Esddns:Records:0:Zone"] = "example.com",
        ["Esddns:Update:Server"] = "dns://ns.example.com",
        ["Esddns:Update:Zones"] = "example.com",
        ["Esddns:Update:KeyName"] = "key",
        ["Esddns:Update:Key"] = "c2VjcmV0",
    };

    /// <summary>One setting beside those that it takes.</summary>
    private static Dictionary<string, string?> With(string name, string value) =>
        new(name.StartsWith("Update", StringComparison.Ordinal) ? Update : Minimal) { [$"Esddns:{name}"] = value };

    private static OperatorSettings Good(Dictionary<string, string?> settings, Dictionary<string, string>? environment = null)
    {
        var (read, errors) = Read(settings, environment ?? []);
        Assert.Empty(errors);
        return read!;
    }

    private static (OperatorSettings? Settings, IReadOnlyList<string> Errors) Read(Dictionary<string, string?> settings, Dictionary<string, string> environment)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings);
        configuration.AddLegacyEnvironment(environment.GetValueOrDefault);
        var reader = new SettingsReader(configuration.Build(), environment.GetValueOrDefault);
        var read = OperatorSettings.Read(reader, isInCluster: false);
        return (reader.Errors.Count == 0 ? read : null, reader.Errors);
    }
}
