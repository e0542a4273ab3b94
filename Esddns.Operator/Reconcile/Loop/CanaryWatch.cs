using System.Net;
using Esddns.Operator.Discovery;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Loop;

/// <summary>
/// Polls one source at each canary interval, and triggers a round when its report changes. The report itself is not
/// trusted: the round polls all sources.
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
    private readonly Dictionary<(string Source, IpFamily Family), IPAddress> _lastReported = [];

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
                if (observation is not Observation.Seen seen || !IsNew(seen, wan))
                    continue;
                convergence.Observed(seen.Address, wan.Address);
                trigger.Request(ReconcileReason.Canary);
            }
        }
    }

    /// <summary>
    /// Whether the source reports another address than in the last round, or than the agreed one when it did not answer
    /// in that round. One new address triggers only one round; otherwise a source that rounds do not wait for would
    /// trigger rounds without end.
    /// </summary>
    private bool IsNew(Observation.Seen seen, WanState wan)
    {
        var (source, address) = ((seen.Source.Name, wan.Family), seen.Address);
        var before =
            wan.Votes.FirstOrDefault(v => v.Source == seen.Source.Name && v.Via is null)?.Address ?? wan.Address;
        var isKnown = _lastReported.TryGetValue(source, out var last) && last.Equals(address);
        _lastReported[source] = address;
        return !address.Equals(before) && !isKnown;
    }
}
