using Esddns.Tests.Web.Access;

namespace Esddns.Tests.EndToEnd;

/// <content>The command lines of the web service and of the simulator.</content>
public sealed partial class CommandLineTests
{
    [Theory]
    [InlineData("Esddns.Web", "--urls=nonsense", "urls: 'nonsense' is not an address")]
    [InlineData("Esddns.Web", "--urls=http://127.0.0.1:99999", "urls: 'http://127.0.0.1:99999' is not an address")]
    [InlineData("Esddns.Web", "--url=http://127.0.0.1:5555", "'--url' is not known; see --help.")]
    [InlineData("Esddns.Web", "--bogus", "'--bogus' is not known; see --help.")]
    [InlineData("Esddns.Web", "extra", "'extra' is not known; see --help.")]
    [InlineData("Esddns.Web", "--once", "'--once' is not known; see --help.")]
    [InlineData("Esddns.Web", "--Esdns:Web:MaxStreams=1", "'--Esdns:Web:MaxStreams' is not known; see --help.")]
    [InlineData("Esddns.Web", "--Esddns:SyncInterval=60", "'--Esddns:SyncInterval' is not known; see --help.")]
    [InlineData("Esddns.Web", "--Esddns:Web:MaxStream=1", "Esddns:Web:MaxStream: unknown setting; see ")]
    [InlineData(
        "Esddns.Web",
        "--services:operator:http:0=http://me:s3cret@127.0.0.1:8080",
        "services:operator:http:0: "
    )]
    [InlineData("Esddns.Web", "--Logging:LogLevel:Default=LOUD", "Logging:LogLevel:Default: 'LOUD' is not one of ")]
    [InlineData("Esddns.Web", "--OTEL_EXPORTER_OTLP_ENDPOINT=nonsense", "OTEL_EXPORTER_OTLP_ENDPOINT: 'nonsense' is")]
    [InlineData(
        "Esddns.Simulator",
        "--Logging:LogLevel:Default=LOUD",
        "Logging:LogLevel:Default: 'LOUD' is not one of "
    )]
    [InlineData("Esddns.Simulator", "--Simulator:HttpPort=nonsense", "Simulator:HttpPort: 'nonsense' is not ")]
    [InlineData("Esddns.Simulator", "--Simulator:Port=1", "Simulator:Port: unknown setting; see ")]
    [InlineData("Esddns.Simulator", "--urls=http://127.0.0.1:0", "'--urls' is not known; see --help.")]
    [InlineData("Esddns.Simulator", "extra", "'extra' is not known; see --help.")]
    public async Task OtherPrograms_StartupMistake_GivesOneLineAndExit2(string program, string word, string expected)
    {
        var (exitCode, output) = await RunAsync([word], program: program);
        Assert.Equal(2, exitCode);
        var line = Assert.Single(output.Trim().Split('\n'));
        Assert.StartsWith(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Web_ReportsAllMistakesAtOnce()
    {
        string[] words = ["--bogus", "extra", "--urls=x", "--Esddns:Web:Access:Reading=Shut", "--Esddns:Web:Other=1"];
        var (exitCode, output) = await RunAsync([.. words, "--check-config"], program: "Esddns.Web");
        Assert.Equal(2, exitCode);
        string[] expected = ["'--bogus'", "'extra'", "Esddns:Web:Access:Reading", "Esddns:Web:Other", "urls"];
        var starts = output.Trim().Split('\n').Select(l => l.Split(' ')[0].TrimEnd(':'));
        Assert.Equal(expected.Order(), starts.Order());
    }

    [Theory]
    [InlineData("Esddns.Web", "--help", "--check-config")]
    [InlineData("Esddns.Web", "-h", "--services:operator:http:0=http://127.0.0.1:8080")]
    [InlineData("Esddns.Web", "--version", "0.1.0")]
    [InlineData("Esddns.Simulator", "--help", "--Simulator:HttpPort=5380")]
    [InlineData("Esddns.Simulator", "--version", "0.1.0")]
    public async Task OtherPrograms_PrintHelpAndVersion(string program, string word, string expected)
    {
        var (exitCode, output) = await RunAsync([word], program: program);
        Assert.Equal(0, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Web_CheckConfig_PrintsThePlan_WithoutSecrets()
    {
        using var token = new SecretText(Secret);
        string[] words =
        [
            "--check-config",
            "--urls",
            "http://127.0.0.1:5555",
            "--services:operator:http:0=http://192.0.2.1:8080",
            $"--Esddns:Web:Access:TokenFile={token.Path}",
            "--Esddns:Web:MaxStreams=7",
        ];
        var (exitCode, output) = await RunAsync(words, program: "Esddns.Web");
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        Assert.Equal(
            [
                "The configuration is valid.",
                "page        http://127.0.0.1:5555",
                "operator    http://192.0.2.1:8080",
                "reading     closed; needs a token",
                "streams     at most 7",
            ],
            output.Trim().Split('\n')
        );
    }

    [Fact]
    public async Task Web_CheckConfig_WithoutSettings_ShowsTheDefaults()
    {
        var (exitCode, output) = await RunAsync(["--check-config"], program: "Esddns.Web");
        Assert.Equal(0, exitCode);
        foreach (var line in new[] { "http://127.0.0.1:51339", "http://127.0.0.1:8080", "open" })
            Assert.Contains($" {line}\n", output, StringComparison.Ordinal);
    }
}
