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

    [Fact]
    public void Options_NeverPrintTheToken() =>
        Assert.DoesNotContain("s3cret", new LiveDnsOptions { Token = "s3cret" }.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("DEBUG", "Debug")]
    [InlineData("INFO", "Information")]
    [InlineData("warning", "Warning")]
    public void OldLogLevel_IsTranslated(string old, string level)
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddLegacyEnvironment(name => name == "KOPF_LOG_LEVEL" ? old : null);
        Assert.Equal(level, configuration.Build()["Logging:LogLevel:Default"]);
    }

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
