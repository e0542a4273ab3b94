using System.Collections.Immutable;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Discovery;

/// <summary>Whether the pending sources can be done without.</summary>
/// <param name="heard">What came of the sources that have answered or failed.</param>
/// <param name="pending">The others.</param>
internal delegate bool Sufficient(IReadOnlyCollection<Observation> heard, IReadOnlyCollection<SourceId> pending);

/// <summary>Asks the sources, all at the same time or one of them, and always comes back with observations.</summary>
internal sealed class SourcePoller(
    IEnumerable<IAddressSource> sources,
    DiscoveryOptions options,
    OperatorMetrics metrics,
    TimeProvider time
)
{
    /// <summary>
    /// How long the pending sources are still waited for when the others suffice: long enough for one that is just
    /// slower.
    /// </summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromMilliseconds(500);

    private readonly ImmutableArray<IAddressSource> _sources = [.. sources];

    /// <summary>
    /// A full round: every source once. It ends early when <paramref name="isSufficient"/> and <see cref="Grace"/>
    /// allow it.
    /// </summary>
    public async Task<ImmutableArray<Observation>> AskAllAsync(
        IpFamily family,
        Sufficient isSufficient,
        CancellationToken cancellationToken
    )
    {
        using var enough = new CancellationTokenSource();
        var asked = _sources.ToDictionary(s => AskAsync(s, family, enough.Token, cancellationToken), s => s.Id);
        while (Pending() is { Length: > 0 } pending)
        {
            if (isSufficient(Heard(), [.. pending.Select(p => asked[p])]))
            {
                await Task.WhenAny(Task.WhenAll(pending), Task.Delay(Grace, time, cancellationToken));
                await enough.CancelAsync();
                break;
            }

            await Task.WhenAny(pending);
        }

        return [.. await Task.WhenAll(asked.Keys)];

        Task<Observation>[] Pending() => [.. asked.Keys.Where(a => !a.IsCompleted)];
        Observation[] Heard() => [.. asked.Keys.Where(a => a.IsCompletedSuccessfully).Select(a => a.Result)];
    }

    /// <summary>Asks one source. A failure of any kind is an observation.</summary>
    /// <param name="source">Whom.</param>
    /// <param name="family">For which address.</param>
    /// <param name="enough">Ends it without an answer.</param>
    /// <param name="cancellationToken">Ends it with <see cref="OperationCanceledException"/>.</param>
    public async Task<Observation> AskAsync(
        IAddressSource source,
        IpFamily family,
        CancellationToken enough,
        CancellationToken cancellationToken
    )
    {
        using var span = OperatorTracing.Start("observe", ("esddns.source", source.Id.Name), ("esddns.family", family));
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, enough);
        Observation observation;
        try
        {
            observation = await source.ObserveAsync(family, any.Token);
        }
        catch (OperationCanceledException)
            when (enough.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Observation.Unavailable(source.Id, "not waited for: the result was already certain");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            observation = new Observation.Unavailable(
                source.Id,
                $"no answer within {options.Timeout.TotalSeconds:0.###} s"
            );
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A source that fails in a way it did not foresee is one without an answer.
            observation = new Observation.Unavailable(source.Id, e.Message);
        }

        span?.SetTag("esddns.address", (observation as Observation.Seen)?.Address.ToString());
        span?.SetTag("esddns.reason", (observation as Observation.Unavailable)?.Reason);
        metrics.Observed(source.Id.Name, observation is Observation.Seen ? "seen" : "unavailable");
        return observation;
    }
}
