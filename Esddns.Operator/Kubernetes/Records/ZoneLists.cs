using System.Collections.Concurrent;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// The zones that each set of credentials can access. They are queried only when several objects request one RRset, and
/// at most once an interval. A request whose zone does not exist must not take a name from a valid request.
/// </summary>
internal sealed class ZoneLists(IDnsProviders providers, LoopOptions options, TimeProvider time)
{
    /// <summary>
    /// The time limit for all lists of a round; a DNS provider that does not answer must not delay the round.
    /// </summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (IReadOnlyCollection<DomainName>? Zones, long At)> _lists = new();

    /// <summary>
    /// Returns those of <paramref name="records"/> that are in no zone. A record whose list is unavailable is not among
    /// them.
    /// </summary>
    public async Task<IReadOnlySet<DesiredRecord>> WithoutZoneAsync(
        IReadOnlyCollection<DesiredRecord> records,
        CancellationToken cancellationToken
    )
    {
        var names = records.Select(r => r.Credentials).Distinct().ToArray();
        foreach (var old in _lists.Keys.Where(k => names.All(n => (n ?? "") != k)))
            _lists.TryRemove(old, out _);
        using var limit = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Task.WhenAll(names.Where(IsDue).Select(n => QueryAsync(n, either.Token, cancellationToken)));
        return new HashSet<DesiredRecord>(records.Where(HasNoZone), ReferenceEqualityComparer.Instance);
    }

    private bool IsDue(string? credentials) =>
        !_lists.TryGetValue(credentials ?? "", out var list)
        || time.GetElapsedTime(list.At) >= (list.Zones is null ? LoopOptions.MaxBackoff : options.SyncInterval);

    private bool HasNoZone(DesiredRecord record) =>
        _lists.TryGetValue(record.Credentials ?? "", out var list)
        && list.Zones is { } zones
        && !(record.Zone is { } zone ? zones.Contains(zone) : zones.Any(record.Fqdn.Host.IsWithin));

    private async Task QueryAsync(string? credentials, CancellationToken limit, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<DomainName>? zones = null;
        try
        {
            var answer = await providers.With(credentials).ZonesAsync(limit);
            zones = answer is LookupResult<IReadOnlyCollection<DomainName>>.Available(var known) ? known : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // After a timeout, the zones are unknown.
        }

        _lists[credentials ?? ""] = (zones, time.GetTimestamp());
    }
}
