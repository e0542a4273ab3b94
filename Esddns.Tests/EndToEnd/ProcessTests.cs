using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>The operator as a process of its own: exit codes, and what a kill leaves behind.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private static readonly int s_kills =
        int.Parse(System.Environment.GetEnvironmentVariable("ESDDNS_KILLS") ?? "10", CultureInfo.InvariantCulture);

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
        Assert.Contains("not in sync: home.example.com A: GET home.example.com A: 403", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadConfiguration_Exits2WithALineForEachMistake()
    {
        var environment = Environment();
        environment["RECORD_TTL"] = "60";
        environment["TARGET_DOMAIN_FQDN"] = "no domain";
        var (exitCode, output) = await Tool.RunAsync("dotnet", [Assembly], environment: environment);
        Assert.Equal((2, 2), (exitCode, output.Trim().Split('\n').Length));
    }

    [Fact]
    public async Task PortTaken_Exits1WithOneClearLine()
    {
        var environment = Environment();
        environment["ASPNETCORE_URLS"] = _simulator.Url.ToString();
        environment["Logging__LogLevel__Default"] = "None";
        environment["Logging__LogLevel__Microsoft.AspNetCore"] = "None";
        var (exitCode, output) = await Tool.RunAsync("dotnet", [Assembly], environment: environment);
        Assert.Equal(1, exitCode);
        Assert.Contains("address already in use", Assert.Single(output.Trim().Split('\n')), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Killed at random moments while the address keeps changing: the file is whole, nothing is written twice, nothing foreign is lost.</summary>
    [Fact]
    public async Task Kill9_AtAnyMoment_LeavesAWholeFileAndRepeatsNoWrite()
    {
        var seed = TimeProvider.System.GetUtcNow().Date.GetHashCode();
        var random = new Random(seed);
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(0, (await Tool.RunAsync("dotnet", [Assembly, "--once"], environment: Environment())).ExitCode);
        var start = Stopwatch.GetElapsedTime(began);
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "203.0.113.10", "192.0.2.99");
        for (var i = 0; i < s_kills; i++)
        {
            _simulator.Wan.IPv4 = IPAddress.Parse($"198.51.100.{i + 1}");
            using var process = Tool.Start("dotnet", [Assembly], Environment());
            var drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
            await UntilTheKillAsync(random, start);
            process.Kill();
            await process.WaitForExitAsync(Cancel);
            await drained;
            using var state = JsonDocument.Parse(await File.ReadAllBytesAsync(StateFile, Cancel));
            Assert.True(state.RootElement.GetProperty("round").GetInt64() > 0, $"seed {seed}");
        }

        Assert.Equal(0, (await Tool.RunAsync("dotnet", [Assembly, "--once"], environment: Environment())).ExitCode);
        Assert.Equal(["192.0.2.99", $"198.51.100.{s_kills}"], _simulator.LiveDns.Values("example.com", "home", "A")!.Order());
        var bodies = _simulator.Requests.Writes.Select(w => w.Body).ToArray();
        Assert.Equal(bodies.Distinct(), bodies);
        Assert.True(bodies.Length > 2, $"seed {seed}: no process lived long enough to write");
    }

    /// <summary>
    /// A third of the kills at any moment of a start, however long that takes here; a third after the record was read, and a third after
    /// it was written, the moments that matter most.
    /// </summary>
    private async Task UntilTheKillAsync(Random random, TimeSpan start)
    {
        var (asked, written) = (_simulator.Requests.All.Count, _simulator.Requests.Writes.Count);
        var moment = random.Next(3);
        if (moment == 1) await Eventually.IsTrueAsync(() => _simulator.Requests.All.Count > asked);
        if (moment == 2) await Eventually.IsTrueAsync(() => _simulator.Requests.Writes.Count > written);
        await Task.Delay(moment == 0 ? start * random.NextDouble() : start * random.NextDouble() / 20, TimeProvider.System, Cancel);
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
