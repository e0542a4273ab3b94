using System.Globalization;
using Esddns.Tests.Support;

namespace Esddns.Tests.Chaos;

/// <summary>They take the whole machine, and so run by themselves.</summary>
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class AloneOnTheMachine;

/// <summary>
/// Schedules of misfortune; ESDDNS_SCHEDULES says how many. No wrong address is ever published, no foreign value lost,
/// no secret leaked, the loop lives, and two simulated minutes after the last fault all is right. A failing seed is
/// printed; ESDDNS_CHAOS_SEED=n ./test.sh repeats it.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed class ChaosTests
{
    private const int Lanes = 16;
    private static readonly int s_schedules = int.Parse(
        Environment.GetEnvironmentVariable("ESDDNS_SCHEDULES") ?? "64",
        CultureInfo.InvariantCulture
    );

    [Fact]
    public async Task Operator_ComesThroughEverySchedule()
    {
        // In memory where there is such a place: state files are flushed to the disk thousands of times.
        var shared = Path.Combine("/dev/shm", $"esddns-chaos-{Environment.ProcessId}");
        var folder = Directory.Exists("/dev/shm")
            ? Directory.CreateDirectory(shared)
            : Directory.CreateTempSubdirectory("esddns-chaos-");
        var seeds = Seeds().ToArray();
        var failures = (
            await Task.WhenAll(
                Enumerable
                    .Range(0, Lanes)
                    .Select(lane => RunAsync(seeds.Where((_, i) => i % Lanes == lane), folder.FullName))
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

    /// <summary>Others on every day; one of the day's can be repeated by its number on any day.</summary>
    private static IEnumerable<int> Seeds()
    {
        if (Environment.GetEnvironmentVariable("ESDDNS_CHAOS_SEED") is { } seed)
            return [int.Parse(seed, CultureInfo.InvariantCulture)];
        var day = (int)(TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays;
        return Enumerable.Range(day * 1000, s_schedules);
    }
}
