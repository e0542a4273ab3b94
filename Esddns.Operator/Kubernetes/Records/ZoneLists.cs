using System.Collections.Concurrent;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Which zones each set of credentials can see. Asked for only when two objects want one RRset, and at most once an
/// interval: a request whose zone does not exist must not keep a name from the one that can serve it.
/// </summary>
internal sealed class ZoneLists(IDnsProviders providers, LoopOptions options, TimeProvider time)
{
    /// <summary>For all lists of one look; a provider that does not answer must not hold up the round.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (IReadOnlyCollection<DomainName>? Zones, long At)> _lists = new();

    /// <summary>
    /// Those of <paramref name="records"/> that are known to be in no zone. When a list cannot be had, nothing is
    /// known.
    /// </summary>
    public async Task<IReadOnlySet<DesiredRecord>> HomelessAsync(
        IReadOnlyCollection<DesiredRecord> records,
        CancellationToken cancellationToken
    )
    {
        var names = records.Select(r => r.Credentials).Distinct().ToArray();
        foreach (var old in _lists.Keys.Where(k => names.All(n => (n ?? "") != k)))
            _lists.TryRemove(old, out _);
        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Task.WhenAll(names.Where(IsDue).Select(n => AskAsync(n, either.Token, cancellationToken)));
        return new HashSet<DesiredRecord>(records.Where(IsHomeless), ReferenceEqualityComparer.Instance);
    }

    private bool IsDue(string? credentials) =>
        !_lists.TryGetValue(credentials ?? "", out var list)
        || time.GetElapsedTime(list.At) >= (list.Zones is null ? LoopOptions.MaxBackoff : options.SyncInterval);

    private bool IsHomeless(DesiredRecord record) =>
        _lists.TryGetValue(record.Credentials ?? "", out var list)
        && list.Zones is { } zones
        && !(record.Zone is { } zone ? zones.Contains(zone) : zones.Any(record.Fqdn.Host.IsWithin));

    private async Task AskAsync(string? credentials, CancellationToken limit, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<DomainName>? zones = null;
        try
        {
            var answer = await providers.With(credentials).ZonesAsync(limit);
            zones = answer is LookupResult<IReadOnlyCollection<DomainName>>.Available(var known) ? known : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Too late is unknown.
        }

        _lists[credentials ?? ""] = (zones, time.GetTimestamp());
    }
}
