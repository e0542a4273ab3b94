using System.Globalization;
using Esddns.Tests.Support;

namespace Esddns.Tests.Chaos;

/// <summary>These tests need the whole machine, so they do not run in parallel with others.</summary>
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>
/// Random schedules of faults; ESDDNS_SCHEDULES sets their number. No wrong address is published, no foreign value is
/// lost, no secret leaks, and the loop keeps running. Two simulated minutes after the last fault, all records are up to
/// date. A failure prints its seed; ESDDNS_CHAOS_SEED=n ./test.sh repeats it.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed class ChaosTests
{
    private const int Workers = 16;
    private static readonly int s_schedules = int.Parse(
        Environment.GetEnvironmentVariable("ESDDNS_SCHEDULES") ?? "64",
        CultureInfo.InvariantCulture
    );

    [Fact]
    public async Task RandomFaultSchedules_HaveNoViolation()
    {
        // Uses memory if possible, because the operators flush state files thousands of times.
        var shared = Path.Combine("/dev/shm", $"esddns-chaos-{Environment.ProcessId}");
        var folder = Directory.Exists("/dev/shm")
            ? Directory.CreateDirectory(shared)
            : Directory.CreateTempSubdirectory("esddns-chaos-");
        var seeds = Seeds().ToArray();
        var failures = (
            await Task.WhenAll(
                Enumerable
                    .Range(0, Workers)
                    .Select(worker => RunAsync(seeds.Where((_, i) => i % Workers == worker), folder.FullName))
            )
        )
            .SelectMany(f => f)
            .ToArray();
        folder.Delete(recursive: true);
        Assert.True(
            failures.Length == 0,
            $"{failures.Length} of {seeds.Length} schedules failed\n\n{string.Join("\n\n", failures.Take(5))}"
        );
    }

    private static async Task<List<string>> RunAsync(IEnumerable<int> seeds, string folder)
    {
        await using var simulator = await Sim.StartAsync(new() { RequestsPerMinute = int.MaxValue });
        var failures = new List<string>();
        foreach (var seed in seeds)
        {
            using var schedule = new ChaosSchedule(seed, simulator, folder);
            if (await schedule.RunAsync() is { } failure)
                failures.Add(failure);
        }

        return failures;
    }

    /// <summary>The seeds of the day. ESDDNS_CHAOS_SEED repeats one of them on any day.</summary>
    private static IEnumerable<int> Seeds()
    {
        if (Environment.GetEnvironmentVariable("ESDDNS_CHAOS_SEED") is { } seed)
            return [int.Parse(seed, CultureInfo.InvariantCulture)];
        var day = (int)(TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays;
        return Enumerable.Range(day * 1000, s_schedules);
    }
}
