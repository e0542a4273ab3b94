using System.Collections.Immutable;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Discovery;

/// <summary>Asks the sources, all at the same time or one of them, and always comes back with observations.</summary>
internal sealed class Discoverer(IEnumerable<IAddressSource> sources, DiscoveryOptions options, OperatorMetrics metrics, TimeProvider time)
{
    private readonly ImmutableArray<IAddressSource> _sources = [.. sources];
    private readonly ImmutableArray<IAddressSource> _canaries = Canaries([.. sources]);
    private int _turn = -1;

    /// <summary>A full round: every source once.</summary>
    public async Task<ImmutableArray<Observation>> AskAllAsync(IpFamily family, CancellationToken cancellationToken) =>
        [.. await Task.WhenAll(_sources.Select(source => AskAsync(source, family, cancellationToken)))];

    /// <summary>The cheap question between rounds: one STUN source, another one each time.</summary>
    public Task<Observation> AskCanaryAsync(IpFamily family, CancellationToken cancellationToken) =>
        AskAsync(_canaries[(int)((uint)Interlocked.Increment(ref _turn) % _canaries.Length)], family, cancellationToken);

    private async Task<Observation> AskAsync(IAddressSource source, IpFamily family, CancellationToken cancellationToken)
    {
        using var span = OperatorTracing.Start("observe", ("esddns.source", source.Id.Name), ("esddns.family", family));
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        Observation observation;
        try
        {
            observation = await source.ObserveAsync(family, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            observation = new Observation.Unavailable(source.Id, $"no answer within {options.Timeout.TotalSeconds:0.###} s");
        }

        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A source that breaks in a way it did not foresee is one that says nothing.
            observation = new Observation.Unavailable(source.Id, e.Message);
        }

        span?.SetTag("esddns.address", (observation as Observation.Seen)?.Address.ToString());
        span?.SetTag("esddns.reason", (observation as Observation.Unavailable)?.Reason);
        metrics.Observed(source.Id.Name, observation is Observation.Seen ? "seen" : "unavailable");
        return observation;
    }

    /// <summary>STUN over UDP costs one packet; whoever has configured none pays for what there is.</summary>
    private static ImmutableArray<IAddressSource> Canaries(ImmutableArray<IAddressSource> sources)
    {
        var stun = sources.Where(s => s.Id.Class == EvidenceClass.Stun).ToImmutableArray();
        return stun.IsEmpty ? sources : stun;
    }
}
