using System.Net;
using Esddns.Operator.Discovery;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Asks one source every few seconds, and wakes the loop when it reports something else than before. What it reports is
/// not believed: the round asks all of them.
/// </summary>
internal sealed class CanaryWatch(
    Canary canary,
    LocalObservations local,
    ReconcileTrigger trigger,
    ConvergenceClock convergence,
    LoopOptions options,
    Random random,
    TimeProvider time
) : BackgroundService
{
    private readonly Dictionary<(string Source, IpFamily Family), IPAddress> _told = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(options.CanaryInterval * (1 - random.NextDouble() / 5), time, stoppingToken);
            var asked = local.Wan.Select(async wan =>
                (Wan: wan, Observation: await canary.AskAsync(wan.Family, stoppingToken))
            );
            foreach (var (wan, observation) in await Task.WhenAll(asked))
            {
                if (observation is not Observation.Seen seen || !IsNews(seen, wan))
                    continue;
                convergence.Saw(wan.Family, seen.Address, wan.Address);
                trigger.Request(ReconcileReason.Canary);
            }
        }
    }

    /// <summary>
    /// Whether the source reports something else than in the last round, or than what is agreed if it did not answer
    /// then. The same news wakes the loop once: a source that the rounds do not wait for would else do so for ever.
    /// </summary>
    private bool IsNews(Observation.Seen seen, WanState wan)
    {
        var (source, address) = ((seen.Source.Name, wan.Family), seen.Address);
        var before =
            wan.Votes.FirstOrDefault(v => v.Source == seen.Source.Name && v.Via is null)?.Address ?? wan.Address;
        var isTold = _told.TryGetValue(source, out var told) && told.Equals(address);
        _told[source] = address;
        return !address.Equals(before) && !isTold;
    }
}
