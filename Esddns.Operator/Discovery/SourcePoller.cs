using System.Collections.Immutable;
using Esddns.Operator.Net;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Discovery;

/// <summary>Whether the pending sources can no longer change the result.</summary>
/// <param name="completed">The observations of the sources that have answered or failed.</param>
/// <param name="pending">The sources that have not answered yet.</param>
internal delegate bool Sufficient(IReadOnlyCollection<Observation> completed, IReadOnlyCollection<SourceId> pending);

/// <summary>Polls address sources, all at once or a single one. Every failure becomes an observation.</summary>
internal sealed class SourcePoller(
    IEnumerable<IAddressSource> sources,
    DiscoveryOptions options,
    OperatorMetrics metrics,
    TimeProvider time
)
{
    /// <summary>
    /// The extra time for pending sources when the others suffice, so that a slower source can still answer. 500 ms.
    /// </summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromMilliseconds(500);

    private readonly ImmutableArray<IAddressSource> _sources = [.. sources];

    /// <summary>
    /// Polls every source once. It ends early when <paramref name="isSufficient"/> returns true and <see cref="Grace"/>
    /// has passed.
    /// </summary>
    public async Task<ImmutableArray<Observation>> AskAllAsync(
        IpFamily family,
        Sufficient isSufficient,
        CancellationToken cancellationToken
    )
    {
        using var notNeeded = new CancellationTokenSource();
        var polls = _sources.ToDictionary(s => AskAsync(s, family, notNeeded.Token, cancellationToken), s => s.Id);
        while (Pending() is { Length: > 0 } pending)
        {
            if (isSufficient(Completed(), [.. pending.Select(p => polls[p])]))
            {
                await Task.WhenAny(Task.WhenAll(pending), Task.Delay(Grace, time, cancellationToken));
                await notNeeded.CancelAsync();
                break;
            }

            await Task.WhenAny(pending);
        }

        return [.. await Task.WhenAll(polls.Keys)];

        Task<Observation>[] Pending() => [.. polls.Keys.Where(a => !a.IsCompleted)];
        Observation[] Completed() => [.. polls.Keys.Where(a => a.IsCompletedSuccessfully).Select(a => a.Result)];
    }

    /// <summary>Polls one source. A failure of any kind is an observation.</summary>
    /// <param name="source">The source to poll.</param>
    /// <param name="family">The address family.</param>
    /// <param name="notNeeded">Ends the poll; the result is an unavailable observation.</param>
    /// <param name="cancellationToken">Ends the poll with <see cref="OperationCanceledException"/>.</param>
    public async Task<Observation> AskAsync(
        IAddressSource source,
        IpFamily family,
        CancellationToken notNeeded,
        CancellationToken cancellationToken
    )
    {
        using var span = OperatorTracing.Start("observe");
        if (span is not null)
            span.DisplayName = $"observe {source.Id.Name}";
        span?.SetTag("esddns.source", source.Id.Name);
        span?.SetTag("esddns.family", family.ToString());
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, notNeeded);
        Observation observation;
        var began = time.GetTimestamp();
        try
        {
            observation = await source.ObserveAsync(family, linked.Token);
            if (observation is Observation.Seen seen)
                observation = seen with { Seconds = Math.Round(time.GetElapsedTime(began).TotalSeconds, 3) };
        }
        catch (OperationCanceledException)
            when (notNeeded.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Observation.Unavailable(
                source.Id,
                "not needed: the other sources already determined the result"
            );
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
            // A source with an unexpected exception counts as a source without an answer.
            observation = new Observation.Unavailable(source.Id, e.Message);
        }

        span?.SetTag("esddns.address", (observation as Observation.Seen)?.Address.ToString());
        span?.SetTag("esddns.reason", (observation as Observation.Unavailable)?.Reason);
        metrics.Observed(source.Id.Name, (observation as Observation.Seen)?.Seconds);
        return observation;
    }
}
