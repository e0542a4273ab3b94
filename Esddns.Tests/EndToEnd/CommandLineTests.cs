using System.Net;
using System.Net.Sockets;
using Esddns.Operator;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>The command line, and errors at the start: one line on the console, never a stack trace.</summary>
public sealed partial class CommandLineTests
{
    private const string Secret = "s3cret";

    [Fact]
    public void Settings_AreReadInBothForms()
    {
        var line = CommandLine.Read([
            "--Esddns:SyncInterval",
            "60",
            "--once",
            "--urls=http://127.0.0.1:0",
            "--esddns:CanaryInterval=5",
        ]);
        Assert.Empty(line.Errors);
        Assert.Equal(Job.Once, line.Job);
        Assert.Equal(
            ["--Esddns:SyncInterval=60", "--urls=http://127.0.0.1:0", "--esddns:CanaryInterval=5"],
            line.Settings
        );
    }

    [Fact]
    public void NoArguments_RunsTheLoop() => Assert.Equal(Job.Run, CommandLine.Read([]).Job);

    [Theory]
    [InlineData("--onec", "'--onec' is not known; see --help.")]
    [InlineData("--", "'--' is not known; see --help.")]
    [InlineData("[suggest]", "'[suggest]' is not known; see --help.")]
    [InlineData("once", "'once' is not known; see --help.")]
    [InlineData("-o", "'-o' is not known; see --help.")]
    [InlineData("@file", "'@file' is not known; see --help.")]
    [InlineData("--Esddns", "'--Esddns' is not known; see --help.")]
    [InlineData("--API_KEY=s3cret", "'--API_KEY' is not known; see --help.")]
    [InlineData("--Esdns:LiveDns:Token=s3cret", "'--Esdns:LiveDns:Token' is not known; see --help.")]
    [InlineData("--Esdns:LiveDns:Token s3cret", "'--Esdns:LiveDns:Token' is not known; see --help.")]
    [InlineData("--Esddns:SyncInterval", "--Esddns:SyncInterval has no value; write --Esddns:SyncInterval=value.")]
    [InlineData(
        "--Esddns:SyncInterval --once",
        "--Esddns:SyncInterval has no value; write --Esddns:SyncInterval=value."
    )]
    [InlineData(
        "--Esddns:LiveDns:Token a s3cret",
        "--Esddns:LiveDns:Token is followed by an extra word; write "
            + "--Esddns:LiveDns:Token=value, in quotes if it has spaces."
    )]
    public void UnknownArgument_GivesOneLineWithoutItsValue(string words, string error)
    {
        var line = CommandLine.Read(words.Split(' '));
        Assert.Equal(error, Assert.Single(line.Errors));
    }

    [Theory]
    [InlineData("--help", "--check-config")]
    [InlineData("-h", "--Esddns:Records:0:Zone=example.com")]
    [InlineData("--version", "0.1.0")]
    public async Task HelpAndVersion_NeedNoConfiguration(string word, string expected)
    {
        var (exitCode, output) = await RunAsync([word]);
        Assert.Equal(0, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_PrintsThePlan_WithoutSecrets()
    {
        var settings = Settings();
        settings["Esddns__LiveDns__Token"] = Secret;
        settings["Esddns__Discovery__Echo"] = $"https://one.example/{Secret},https://two.example/?key={Secret}";
        settings["Esddns__State__File"] = "/nowhere/state.json";
        var (exitCode, output) = await RunAsync(["--check-config"], settings);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        string[] parts =
        [
            "home.example.com A, TTL 300 s, Merge",
            "Gandi LiveDNS at https://api.gandi.net",
            "https://one.example",
            "2 of ",
            "/nowhere/state.json",
            "cluster     none",
            "http://127.0.0.1:8080",
        ];
        foreach (var part in parts)
            Assert.Contains(part, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_ShowsEndpointsThatOverrideUrls()
    {
        string[] words =
        [
            "--check-config",
            "--Kestrel:Endpoints:A:Url=http://127.0.0.1:18080",
            "--urls=http://127.0.0.1:1",
        ];
        var (exitCode, output) = await RunAsync(words, Settings());
        Assert.Equal(0, exitCode);
        Assert.Contains("API at http://127.0.0.1:18080", output, StringComparison.Ordinal);
        Assert.DoesNotContain("http://127.0.0.1:1\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--check-config")]
    [InlineData("--once")]
    public async Task ExpiredToken_IsReportedByASingleRun(string word)
    {
        var settings = Settings();
        settings["Esddns__LiveDns__TokenExpires"] = "2020-01-31";
        // The round cannot reach any source.
        settings["Esddns__Discovery__Stun"] = "stun://127.0.0.1:9";
        settings["Esddns__Discovery__Echo"] = "http://127.0.0.1:9/";
        settings["Esddns__Discovery__Dns"] = "none";
        settings["Esddns__Discovery__Timeout"] = "1";
        var (_, output) = await RunAsync([word], settings);
        Assert.Contains("The LiveDNS token expired at 2020-01-31", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_WithANameServer_ReportsIt()
    {
        var settings = Settings();
        settings["Esddns__Update__Server"] = "dns://ns.example.com";
        settings["Esddns__Update__Zones"] = "example.com";
        settings["Esddns__Update__KeyName"] = "key";
        settings["Esddns__Update__Key"] = "czNjcmV0";
        var (exitCode, output) = await RunAsync(["--check-config", "--once"], settings);
        Assert.Equal(0, exitCode);
        Assert.Contains(
            "dns://ns.example.com by dynamic update, zones example.com, TSIG key key (hmac-sha256)",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("one round", output, StringComparison.Ordinal);
        Assert.DoesNotContain("czNjcmV0", output, StringComparison.Ordinal);
    }

    /// <summary>Any error, detected at any stage of the start.</summary>
    [Theory]
    [InlineData("--onec")]
    [InlineData("--once --Esddns:SyncInterval=nonsense")]
    [InlineData("--check-config --Esddns:SyncInterval=nonsense")]
    [InlineData("--urls=nonsense")]
    [InlineData("--urls=ftp://127.0.0.1:21")]
    [InlineData("--urls=http://127.0.0.1:70000")]
    [InlineData("--urls=http://127.0.0.1:0/path")]
    [InlineData("--urls=https://127.0.0.1:0 --Kestrel:Certificates:Default:Path=/nowhere/cert.pem")]
    [InlineData("--urls=http://[::1")]
    [InlineData("--urls=http://127.0.0.1.:8080")]
    [InlineData("--urls=http://my-host:8080")]
    [InlineData("--urls=;")]
    [InlineData("--http_ports=abc")]
    [InlineData("--https_ports=-1")]
    [InlineData("--Logging:LogLevel:Default=LOUD")]
    [InlineData("--Logging:LogLevel=LOUD")]
    [InlineData("--Logging:LogLevel:Esddns.Operator=3")]
    [InlineData("--Logging:Console:LogLevel:Default=")]
    [InlineData("--Logging:Console:FormatterOptions:SingleLine=maybe")]
    [InlineData("--Kestrel:Limits:MaxConcurrentConnections=1")]
    [InlineData("--Kestrel:Endpoints=5")]
    [InlineData("--Kestrel:Endpoints:A:Url=nonsense")]
    [InlineData("--Kestrel:Endpoints:A:Protocols=Http1")]
    [InlineData("--Kestrel:Endpoints:A:Url=http://127.0.0.1:0 --Kestrel:Endpoints:A:Protocols=Http9")]
    [InlineData("--Kestrel:Endpoints:A:Url=https://127.0.0.1:0 --Kestrel:Endpoints:A:Certificate:Path=/nowhere.pem")]
    [InlineData("--OTEL_EXPORTER_OTLP_ENDPOINT=nonsense")]
    public async Task StartupMistake_GivesOneLineAndExit2(string words)
    {
        var (exitCode, output) = await RunAsync(words.Split(' '), Settings());
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("   at ", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls=http://*:0")]
    [InlineData("--urls=http://+:0;http://localhost:8080")]
    [InlineData("--urls=http://[::1]:8080;")]
    [InlineData("--urls=http://unix:/run/esddns.sock")]
    [InlineData("--http_ports=8080;8081")]
    [InlineData("--Kestrel:Endpoints:A:Url=http://0.0.0.0:8080 --Kestrel:Endpoints:A:Protocols=http2")]
    [InlineData("--Logging:LogLevel:Default=none --Logging:Console:LogLevel:Esddns.Operator=TRACE")]
    public async Task FrameworkSettings_ValidValues_AreAccepted(string words)
    {
        var (exitCode, output) = await RunAsync(["--check-config", .. words.Split(' ')], Settings());
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task InvalidOldLogLevel_NamesItsVariable()
    {
        var settings = Settings();
        settings["KOPF_LOG_LEVEL"] = "LOUD";
        var (exitCode, output) = await RunAsync([], settings);
        Assert.Equal(2, exitCode);
        Assert.StartsWith(
            "KOPF_LOG_LEVEL (Logging:LogLevel:Default): 'LOUD' is not one of",
            output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Esddns.Operator")]
    [InlineData("Esddns.Web")]
    [InlineData("Esddns.Simulator")]
    public async Task PortTaken_GivesOneLineAndExit1(string program)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var settings = Settings();
        settings["Simulator__HttpPort"] = $"{port}";
        settings["Simulator__DnsPort"] = settings["Simulator__StunPort"] = "0";
        string[] words = program == "Esddns.Simulator" ? [] : [$"--urls=http://127.0.0.1:{port}"];
        var (exitCode, output) = await RunAsync(words, settings, program);
        Assert.Equal(1, exitCode);
        Assert.Contains(
            "address already in use",
            Assert.Single(output.Trim().Split('\n')),
            StringComparison.OrdinalIgnoreCase
        );
    }

    private static Task<(int ExitCode, string Output)> RunAsync(
        string[] words,
        Dictionary<string, string?>? settings = null,
        string program = "Esddns.Operator"
    ) =>
        Tool.RunAsync(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. words],
            environment: settings ?? []
        );

    private static Dictionary<string, string?> Settings() =>
        new()
        {
            ["Esddns__LiveDns__Token"] = "token",
            ["Esddns__Records__0__Zone"] = "example.com",
            ["Esddns__Records__0__Name"] = "home",
            ["Esddns__State__File"] = "none",
        };
}
