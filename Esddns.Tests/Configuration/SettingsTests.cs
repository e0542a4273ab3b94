using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Reconcile.Desired;
using static Esddns.Tests.Configuration.ReadSettings;

namespace Esddns.Tests.Configuration;

/// <summary>Valid settings: values, defaults and formats.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Records_EachHaveTtlTypesAndPolicy()
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
    public void Settings_AreReadIntoTheirOptions()
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
                ["Esddns:Agreement:Classes"] = "3",
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
            (3, 3, 14),
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
    public void MissingSettings_HaveDefaults()
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
    public void UnencryptedLiveDns_LocalOrAllowed_IsValid(string url, string? allow)
    {
        var settings = With("LiveDns:BaseUrl", url);
        settings["Esddns:LiveDns:AllowHttp"] = allow;
        var read = Good(settings).LiveDns;
        Assert.Equal((new Uri(url), allow is not null), (read.BaseUrl, read.AllowHttp));
    }

    [Fact]
    public void OwnNameServer_AllowsShorterTtl() =>
        Assert.Equal(60, Good(new(UpdateServer) { ["Esddns:Records:0:Ttl"] = "60" }).Records[0].Ttl);

    [Fact]
    public void Record_HostIdAndAbsencePolicy_AreRead()
    {
        var settings = With("Records:0:Types", "AAAA");
        settings["Esddns:Records:0:Suffix"] = "::10";
        settings["Esddns:Records:0:WhenAbsent"] = "Remove";
        var record = Assert.Single(Good(settings).Records);
        Assert.Equal(AbsencePolicy.Remove, record.WhenAbsent);
        Assert.Equal("2001:db8::10", record.HostId!.Behind(System.Net.IPAddress.Parse("2001:db8::1")).ToString());
    }
}
