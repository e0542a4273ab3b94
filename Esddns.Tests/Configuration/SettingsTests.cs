using Esddns.Operator.Configuration;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Reconcile;
using Microsoft.Extensions.Configuration;
using static Esddns.Tests.Configuration.ReadSettings;

namespace Esddns.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void OldEnvironment_Alone_IsEnough()
    {
        var settings = Good(
            [],
            new()
            {
                ["API_KEY"] = "token",
                ["TARGET_DOMAIN_FQDN"] = "example.co.uk",
                ["RECORD_NAME_ROOT"] = "home",
                ["RECORD_TTL"] = "600",
                ["DNS_SYNC_INTERVAL"] = "60",
            }
        );
        var record = Assert.Single(settings.Records);
        Assert.Equal(
            ("home.example.co.uk", "example.co.uk", RecordType.A, 600),
            (record.Fqdn.ToString(), record.Zone!.ToString(), record.Type, record.Ttl)
        );
        Assert.Equal((TimeSpan.FromMinutes(1), "token"), (settings.Loop.SyncInterval, settings.LiveDns.Token));
        Assert.Equal(new Uri("https://api.gandi.net/v5/livedns"), settings.LiveDns.BaseUrl);
        Assert.Equal(3, settings.Discovery.Echo.Count);
    }

    [Fact]
    public void OldEnvironment_SetsTypes()
    {
        var settings = Good(
            [],
            new()
            {
                ["API_KEY"] = "token",
                ["TARGET_DOMAIN_FQDN"] = "example.com",
                ["RECORD_TYPE_A"] = "AAAA",
                ["RECORD_TTL"] = "",
            }
        );
        Assert.Equal(
            (RecordType.AAAA, "example.com", 300),
            (settings.Records[0].Type, settings.Records[0].Fqdn.ToString(), settings.Records[0].Ttl)
        );
    }

    [Fact]
    public void OldEnvironment_WinsOverEverything()
    {
        var settings = Good(
            new()
            {
                ["Esddns:LiveDns:Token"] = "new",
                ["Esddns:Records:0:Zone"] = "example.com",
                ["Esddns:Records:0:Name"] = "www",
            },
            new() { ["API_KEY"] = "old", ["TARGET_DOMAIN_FQDN"] = "example.net" }
        );
        Assert.Equal(("old", "www.example.net"), (settings.LiveDns.Token, settings.Records[0].Fqdn.ToString()));
    }

    [Fact]
    public void Records_HaveTheirOwnTtlTypesAndPolicy()
    {
        var settings = Good(
            new()
            {
                ["Esddns:LiveDns:Token"] = "token",
                ["Esddns:Records:0:Zone"] = "example.com",
                ["Esddns:Records:0:Types"] = "A,AAAA",
                ["Esddns:Records:0:Ttl"] = "1800",
                ["Esddns:Records:1:Fqdn"] = "*.lab.example.co.uk",
                ["Esddns:Records:1:Policy"] = "replace",
            }
        );
        Assert.Equal(
            [
                ("example.com", RecordType.A, 1800, RecordPolicy.Merge),
                ("example.com", RecordType.AAAA, 1800, RecordPolicy.Merge),
                ("*.lab.example.co.uk", RecordType.A, 300, RecordPolicy.Replace),
            ],
            settings.Records.Select(r => (r.Fqdn.ToString(), r.Type, r.Ttl, r.Policy))
        );
    }

    [Fact]
    public void Options_NeverPrintTheToken() =>
        Assert.DoesNotContain("s3cret", new LiveDnsOptions { Token = "s3cret" }.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Values_ArriveWhereTheyBelong()
    {
        var settings = Good(
            new(UpdateServer)
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
            }
        );
        Assert.Equal((11, 12), (settings.Loop.SyncInterval.TotalSeconds, settings.Loop.CanaryInterval.TotalSeconds));
        Assert.Equal((13, false), (settings.Discovery.Timeout.TotalSeconds, settings.Discovery.Interfaces));
        Assert.Equal(
            (1, 2, 0),
            (settings.Discovery.Stun.Count, settings.Discovery.Echo.Count, settings.Discovery.Dns.Count)
        );
        Assert.Equal(
            (3, 4, 14),
            (settings.Agreement.Quorum, settings.Agreement.Classes, settings.Agreement.HoldDown.TotalSeconds)
        );
        Assert.Equal(["documentation", "private-use"], settings.Agreement.AllowedRanges.Order());
        Assert.Equal(
            (15, "d.example"),
            (settings.Authoritative.Interval.TotalSeconds, Assert.Single(settings.Authoritative.NameServers!).Host)
        );
        Assert.Equal("state.json", settings.State.File);
        Assert.Equal(
            (16, "ns.example.com", "key"),
            (settings.Update.Timeout.TotalSeconds, settings.Update.Server.Host, settings.Update.KeyName.ToString())
        );
        Assert.Equal("example.com", Assert.Single(settings.Update.Zones).ToString());
    }

    [Fact]
    public void LeftOut_IsTheDefault()
    {
        var settings = Good(Minimal);
        Assert.Equal((300, 10), (settings.Loop.SyncInterval.TotalSeconds, settings.Loop.CanaryInterval.TotalSeconds));
        Assert.Equal(
            (5, true, 3, 3, 3),
            (
                settings.Discovery.Timeout.TotalSeconds,
                settings.Discovery.Interfaces,
                settings.Discovery.Stun.Count,
                settings.Discovery.Echo.Count,
                settings.Discovery.Dns.Count
            )
        );
        var (rule, gandi, record) = (settings.Agreement, settings.LiveDns, settings.Records[0]);
        Assert.Equal((2, 2, 2, 0), (rule.Quorum, rule.Classes, rule.HoldDown.TotalSeconds, rule.AllowedRanges.Count));
        Assert.Equal((60, 1000), (gandi.Timeout.TotalSeconds, gandi.RequestsPerMinute));
        Assert.Equal((LiveDnsScheme.Auto, null), (gandi.Scheme, gandi.TokenExpires));
        Assert.Equal((300, null), (settings.Authoritative.Interval.TotalSeconds, settings.Authoritative.NameServers));
        Assert.Equal((300, RecordPolicy.Merge), (record.Ttl, record.Policy));
        Assert.Equal((AbsencePolicy.Preserve, null), (record.WhenAbsent, record.HostId));
        Assert.EndsWith("/esddns/state.json", settings.State.File, StringComparison.Ordinal);
        Assert.Equal(10, Good(new(UpdateServer)).Update.Timeout.TotalSeconds);
        Assert.Null(Good(With("State:File", "none")).State.File);
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

    /// <summary>A date without time means the end of that day.</summary>
    [Theory]
    [InlineData("2027-01-31", "2027-01-31T23:59:59Z")]
    [InlineData("2028-02-29", "2028-02-29T23:59:59Z")]
    [InlineData("9999-12-31", "9999-12-31T23:59:59Z")]
    [InlineData("2027-01-31T12:00Z", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00.5+02:00", "2027-01-31T10:00:00.5Z")]
    public void TokenExpires_IsADateOrATime(string text, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            Good(With("LiveDns:TokenExpires", text)).LiveDns.TokenExpires
        );

    [Fact]
    public void NameServerOfOnesOwn_HasItsOwnRangeOfTtls() =>
        Assert.Equal(60, Good(new(UpdateServer) { ["Esddns:Records:0:Ttl"] = "60" }).Records[0].Ttl);

    [Fact]
    public void Record_HasHostIdAndAbsencePolicy()
    {
        var settings = With("Records:0:Types", "AAAA");
        settings["Esddns:Records:0:Suffix"] = "::10";
        settings["Esddns:Records:0:WhenAbsent"] = "Remove";
        var record = Assert.Single(Good(settings).Records);
        Assert.Equal(AbsencePolicy.Remove, record.WhenAbsent);
        Assert.Equal("2001:db8::10", record.HostId!.Behind(System.Net.IPAddress.Parse("2001:db8::1")).ToString());
    }

    [Fact]
    public void SecondToken_IsTakenFromItsSetting()
    {
        var gandi = Good(With("LiveDns:SecondToken", "next")).LiveDns;
        Assert.Equal(
            ("token", null, "next", null),
            (gandi.Token, gandi.TokenFile, gandi.SecondToken, gandi.SecondTokenFile)
        );
    }

    /// <summary>Compatibility with the old system: its variables override all other settings.</summary>
    [Fact]
    public void OldToken_WinsOverAFile()
    {
        var settings = Good(
            new() { ["Esddns:LiveDns:TokenFile"] = "/nowhere/token", ["Esddns:Records:0:Zone"] = "example.com" },
            new() { ["API_KEY"] = "old" }
        );
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
                if (mistake is null)
                    Assert.Equal(file, used);
                else
                    Assert.Contains(mistake, Assert.Single(errors), StringComparison.Ordinal);
                Assert.DoesNotContain(errors, e => e.Contains("s3cret", StringComparison.Ordinal));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The files of a mounted Secret are links to links.</summary>
    [Fact]
    public void TokenFile_MayBeALink()
    {
        var folder = Directory.CreateTempSubdirectory("esddns-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "data"), "token");
            var link = File.CreateSymbolicLink(Path.Combine(folder, "token"), "data").FullName;
            var settings = With("LiveDns:TokenFile", link);
            settings.Remove("Esddns:LiveDns:Token");
            Assert.Equal(link, Good(settings).LiveDns.TokenFile);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
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
            Assert.Equal(file, Good(settings).Update.KeyFile);
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
}
