using Esddns.Operator.Configuration;
using Esddns.Operator.Dns;
using Microsoft.Extensions.Configuration;
using static Esddns.Tests.Configuration.ReadSettings;

namespace Esddns.Tests.Configuration;

/// <summary>The environment variables of the old system.</summary>
public sealed class OldEnvironmentTests
{
    [Fact]
    public void OldEnvironment_Alone_IsACompleteConfiguration()
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
    public void OldEnvironment_OverridesOtherSources()
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

    /// <summary>Compatibility with the old system: its variables override all other settings.</summary>
    [Fact]
    public void OldToken_OverridesTokenFile()
    {
        var settings = Good(
            new() { ["Esddns:LiveDns:TokenFile"] = "/nowhere/token", ["Esddns:Records:0:Zone"] = "example.com" },
            new() { ["API_KEY"] = "old" }
        );
        Assert.Equal(("old", null), (settings.LiveDns.Token, settings.LiveDns.TokenFile));
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
