using Esddns.Operator.Discovery;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Asks one source every few seconds, and wakes the loop when it says something else than it did in the last full round. What it
/// says is not believed: the round asks everybody.
/// </summary>
internal sealed class CanaryWatch(
    Discoverer discoverer, LocalView local, Wakeups wakeups, ConvergenceClock convergence, LoopOptions options, Random random,
    TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(options.CanaryInterval * (1 - random.NextDouble() / 5), time, stoppingToken);
            foreach (var wan in local.Wan)
            {
                if (await discoverer.AskCanaryAsync(wan.Family, stoppingToken) is not Observation.Seen seen || !IsNews(seen, wan)) continue;
                convergence.Saw(wan.Family, seen.Address, wan.Address);
                wakeups.Wake(RoundReason.Canary);
            }
        }
    }

    private static bool IsNews(Observation.Seen seen, WanState wan) =>
        !wan.Votes.Any(v => v.Source == seen.Source.Name && seen.Address.Equals(v.Address));
}
