using System.Collections.Immutable;
using Esddns.Operator.Net;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Addresses;

/// <summary>Finds the WAN addresses, remembers them, and publishes the observations of this host.</summary>
internal sealed class WanObserver(
    AddressDiscovery addresses,
    LocalObservations local,
    IEnumerable<IObservationPublisher> publishers,
    StateStore state
)
{
    /// <summary>
    /// The WAN states for a round of the leader. They build on the published state, which may be that of another host.
    /// </summary>
    /// <param name="families">The families that records need.</param>
    /// <param name="asksSources">Whether the sources are polled; if not, the last observations are used. A family
    /// without any observation is polled in any case, because it cannot wait for the next interval.</param>
    /// <param name="cancellationToken">Cancels the polls.</param>
    public async Task<ImmutableArray<WanState>> FindAsync(
        IReadOnlyCollection<IpFamily> families,
        bool asksSources,
        CancellationToken cancellationToken
    )
    {
        var polled = await PollAsync(
            [.. families.Where(f => asksSources || Remembered(f) is null)],
            state.Current.WanOf,
            cancellationToken
        );
        return [.. families.Select(f => polled.FirstOrDefault(w => w.Family == f) ?? Remembered(f)!)];
    }

    /// <summary>Observes the families of the published state and of the own records, for the leader.</summary>
    public Task ObserveAsync(
        IReadOnlyCollection<IpFamily> families,
        bool asksSources,
        CancellationToken cancellationToken
    )
    {
        var all = families.Union(state.Current.Wan.Select(w => w.Family)).Order();
        return PollAsync([.. all.Where(f => asksSources || local.WanOf(f) is null)], local.WanOf, cancellationToken);
    }

    private async Task<ImmutableArray<WanState>> PollAsync(
        IReadOnlyCollection<IpFamily> families,
        Func<IpFamily, WanState?> before,
        CancellationToken cancellationToken
    )
    {
        if (families.Count == 0)
            return [];
        ImmutableArray<WanState> wan =
        [
            .. await Task.WhenAll(families.Select(f => addresses.RunAsync(f, before(f), cancellationToken))),
        ];
        local.Wan = [.. local.Wan.Where(w => !families.Contains(w.Family)), .. wan];
        foreach (var publisher in publishers)
            await publisher.ReportAsync(wan, cancellationToken);
        return wan;
    }

    private WanState? Remembered(IpFamily family) =>
        new[] { state.Current.WanOf(family), local.WanOf(family) }.FirstOrDefault(w =>
            w is { Verdict: not VerdictKind.Unknown }
        );
}
