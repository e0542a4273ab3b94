using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>The operator as a separate process: exit codes, and the state after a kill.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private static readonly int s_killCount = int.Parse(
        System.Environment.GetEnvironmentVariable("ESDDNS_KILLS") ?? "10",
        CultureInfo.InvariantCulture
    );

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("esddns-");
    private SimulatorHost _simulator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string StateFile => Path.Combine(_folder.FullName, "state.json");

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Once_InSync_Exits0WithOneLine()
    {
        var (exitCode, output) = await Tool.RunAsync("dotnet", [Assembly, "--once"], environment: Environment());
        Assert.Equal((0, "in sync: home.example.com A 203.0.113.10 (updated)"), (exitCode, output.Trim()));
    }

    [Fact]
    public async Task Once_NotInSync_Exits1WithTheReason()
    {
        _simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        var (exitCode, output) = await Tool.RunAsync("dotnet", [Assembly, "--once"], environment: Environment());
        Assert.Equal(1, exitCode);
        Assert.Contains(
            "not in sync: home.example.com A: GET home.example.com A: 403",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task InvalidConfiguration_Exits2WithALineForEachMistake()
    {
        var environment = Environment();
        environment["RECORD_TTL"] = "60";
        environment["TARGET_DOMAIN_FQDN"] = "no domain";
        var (exitCode, output) = await Tool.RunAsync("dotnet", [Assembly], environment: environment);
        Assert.Equal((2, 2), (exitCode, output.Trim().Split('\n').Length));
    }

    /// <summary>Two processes with one state would treat each other's values as foreign.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SecondProcess_SameStateFile_IsRefusedWithOneLine(bool isOnce)
    {
        using var daemon = Tool.Start("dotnet", [Assembly], Environment());
        var drained = Task.WhenAll(
            daemon.StandardOutput.ReadToEndAsync(Cancel),
            daemon.StandardError.ReadToEndAsync(Cancel)
        );
        try
        {
            await Eventually.IsTrueAsync(() => File.Exists(StateFile));
            var other = Environment();
            other["Esddns__Records__0__Name"] = "other";
            var (exitCode, output) = await Tool.RunAsync(
                "dotnet",
                isOnce ? [Assembly, "--once"] : [Assembly],
                environment: other
            );
            Assert.Equal(2, exitCode);
            var line = Assert.Single(output.Trim().Split('\n'));
            Assert.Contains($"{StateFile} is in use by process {daemon.Id}.", line, StringComparison.Ordinal);
            Assert.Contains("POST /sync on its API", line, StringComparison.Ordinal);
            Assert.Null(_simulator.LiveDns.Values("example.com", "other", "A"));

            // --check-config reads only the configuration.
            Assert.Equal(
                0,
                (await Tool.RunAsync("dotnet", [Assembly, "--check-config"], environment: Environment())).ExitCode
            );
        }
        finally
        {
            daemon.Kill();
            await daemon.WaitForExitAsync(Cancel);
            await drained;
        }

        // The lock of a killed process is released.
        Assert.Equal(0, (await Tool.RunAsync("dotnet", [Assembly, "--once"], environment: Environment())).ExitCode);
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("link")]
    [InlineData("folder")]
    [InlineData("garbage")]
    [InlineData("3 GB")]
    [InlineData("folder that is a file")]
    [InlineData("garbage in a folder that refuses")]
    public async Task UnusableStateFile_GivesOneErrorLineAndInSync(string kind)
    {
        var environment = Environment();
        switch (kind)
        {
            case "pipe":
                Assert.Equal(0, (await Tool.RunAsync("mkfifo", [StateFile])).ExitCode);
                break;
            case "link":
                File.CreateSymbolicLink(StateFile, "/nowhere/state.json");
                break;
            case "folder":
                Directory.CreateDirectory(StateFile);
                break;
            case "garbage":
                await File.WriteAllTextAsync(StateFile, "garbage", Cancel);
                break;
            case "3 GB":
                await using (var file = File.Create(StateFile))
                    file.SetLength(3L << 30);
                break;
            case "folder that is a file":
                await File.WriteAllTextAsync(StateFile, "a file", Cancel);
                environment["Esddns__State__File"] = StateFile + "/state.json";
                break;
            default:
                await File.WriteAllTextAsync(StateFile, "garbage", Cancel);
                foreach (var name in (string[])[".next", ".unreadable", ".lock"])
                    Directory.CreateDirectory(StateFile + name + "/full");
                break;
        }

        var (exitCode, output) = await Tool.RunAsync("dotnet", [Assembly, "--once"], environment: environment);
        Assert.Equal(0, exitCode);
        Assert.Contains("in sync: home.example.com A 203.0.113.10", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n'), l => l.Contains("state file", StringComparison.Ordinal));
        Assert.Equal(2, output.Trim().Split('\n').Length);
    }

    /// <summary>
    /// After a power cut, the old or the new file exists: the operator flushes the content, renames, then flushes the
    /// folder.
    /// </summary>
    [Fact]
    public async Task StateFile_IsFlushedBeforeTheRename_AndTheFolderAfter()
    {
        var trace = Path.Combine(_folder.FullName, "trace");
        string[] strace = ["-f", "-y", "-e", "trace=fsync,rename", "-o", trace, "dotnet", Assembly, "--once"];
        Assert.Equal(
            0,
            (await Tool.RunAsync(Tool.Require("strace", "strace"), strace, environment: Environment())).ExitCode
        );
        var calls = await File.ReadAllTextAsync(trace, Cancel);
        Assert.Matches($@"fsync\(\d+<{StateFile}\.next>\)[^$]*rename\([^$]*fsync\(\d+<{_folder.FullName}>\)", calls);
    }

    /// <summary>
    /// Kills at random moments while the address changes: the file is complete, no write is repeated, no foreign value
    /// is lost.
    /// </summary>
    [Fact]
    public async Task Kill9_AtAnyMoment_LeavesACompleteFileAndRepeatsNoWrite()
    {
        var seed = TimeProvider.System.GetUtcNow().Date.GetHashCode();
        var random = new Random(seed);
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(0, (await Tool.RunAsync("dotnet", [Assembly, "--once"], environment: Environment())).ExitCode);
        var start = Stopwatch.GetElapsedTime(began);
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "203.0.113.10", "192.0.2.99");
        for (var i = 0; i < s_killCount; i++)
        {
            _simulator.Wan.IPv4 = IPAddress.Parse($"198.51.100.{i + 1}");
            using var process = Tool.Start("dotnet", [Assembly], Environment());
            var drained = Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(Cancel),
                process.StandardError.ReadToEndAsync(Cancel)
            );
            await UntilTheKillAsync(random, start);
            process.Kill();
            await process.WaitForExitAsync(Cancel);
            await drained;
            using var state = JsonDocument.Parse(await File.ReadAllBytesAsync(StateFile, Cancel));
            Assert.True(state.RootElement.GetProperty("round").GetInt64() > 0, $"seed {seed}");
        }

        Assert.Equal(0, (await Tool.RunAsync("dotnet", [Assembly, "--once"], environment: Environment())).ExitCode);
        Assert.Equal(
            ["192.0.2.99", $"198.51.100.{s_killCount}"],
            _simulator.LiveDns.Values("example.com", "home", "A")!.Order()
        );
        var bodies = _simulator.Requests.Writes.Select(w => w.Body).ToArray();
        Assert.Equal(bodies.Distinct(), bodies);
        Assert.True(bodies.Length > 2, $"seed {seed}: no process ran long enough to write");
    }

    /// <summary>
    /// A third of the kills come at a random moment of the start. The others come after a read or a write of the
    /// record, which are the most critical moments.
    /// </summary>
    private async Task UntilTheKillAsync(Random random, TimeSpan start)
    {
        var (asked, written) = (_simulator.Requests.All.Count, _simulator.Requests.Writes.Count);
        var moment = random.Next(3);
        if (moment == 1)
            await Eventually.IsTrueAsync(() => _simulator.Requests.All.Count > asked);
        if (moment == 2)
            await Eventually.IsTrueAsync(() => _simulator.Requests.Writes.Count > written);
        await Task.Delay(
            moment == 0 ? start * random.NextDouble() : start * random.NextDouble() / 20,
            TimeProvider.System,
            Cancel
        );
    }

    private static string Assembly => Path.Combine(AppContext.BaseDirectory, "Esddns.Operator.dll");

    private Dictionary<string, string?> Environment()
    {
        var settings = OperatorRun.Settings(_simulator);
        settings["Esddns:State:File"] = StateFile;
        settings.Remove("urls");
        var environment = settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value);
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        return environment;
    }
}
