using System.Collections.Concurrent;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Credentials;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// The zones that each set of credentials can access. They are queried only when several objects request one RRset, and
/// at most once an interval. A request that cannot be published must not take a name from a valid request.
/// </summary>
internal sealed class ZoneLists(IDnsProviders providers, SecretTokens tokens, LoopOptions options, TimeProvider time)
{
    /// <summary>
    /// The time limit for all lists of a round; a DNS provider that does not answer must not delay the round.
    /// </summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Zones> _lists = new();

    /// <summary>
    /// Returns those of <paramref name="records"/> that cannot be published: their zone does not exist, or their
    /// credentials are missing or rejected and the record is not published yet. A temporary fault does not count.
    /// </summary>
    public async Task<IReadOnlySet<DesiredRecord>> UnplaceableAsync(
        IReadOnlyCollection<DesiredRecord> records,
        Func<DesiredRecord, bool> isPublished,
        CancellationToken cancellationToken
    )
    {
        var names = records.Select(r => r.Credentials).Distinct().ToArray();
        foreach (var old in _lists.Keys.Where(k => names.All(n => (n ?? "") != k)))
            _lists.TryRemove(old, out _);
        using var limit = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Task.WhenAll(names.Where(IsDue).Select(n => QueryAsync(n, either.Token, cancellationToken)));
        return new HashSet<DesiredRecord>(
            records.Where(r => HasNoZone(r) || (IsRejected(r) && !isPublished(r))),
            ReferenceEqualityComparer.Instance
        );
    }

    private bool IsDue(string? credentials) =>
        (credentials is null || !tokens.IsPending(credentials))
        && (
            !_lists.TryGetValue(credentials ?? "", out var list)
            || time.GetElapsedTime(list.At) >= (list.Known is null ? LoopOptions.MaxBackoff : options.SyncInterval)
        );

    private bool IsRejected(DesiredRecord record) =>
        _lists.TryGetValue(record.Credentials ?? "", out var list) && list.IsRejected;

    private bool HasNoZone(DesiredRecord record) =>
        _lists.TryGetValue(record.Credentials ?? "", out var list)
        && list.Known is { } zones
        && !(record.Zone is { } zone ? zones.Contains(zone) : zones.Any(record.Fqdn.Host.IsWithin));

    private async Task QueryAsync(string? credentials, CancellationToken limit, CancellationToken cancellationToken)
    {
        var (zones, isRejected) = ((IReadOnlyCollection<DomainName>?)null, false);
        try
        {
            switch (await providers.With(credentials).ZonesAsync(limit))
            {
                case LookupResult<IReadOnlyCollection<DomainName>>.Available(var known):
                    zones = known;
                    break;
                case LookupResult<IReadOnlyCollection<DomainName>>.Unavailable(var fault):
                    isRejected = fault.Kind == FaultKind.Persistent;
                    break;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // After a timeout, the zones are unknown.
        }

        _lists[credentials ?? ""] = new Zones(zones, isRejected, time.GetTimestamp());
    }

    /// <summary>The last answer: the zones, or null and whether the credentials were missing or rejected.</summary>
    private sealed record Zones(IReadOnlyCollection<DomainName>? Known, bool IsRejected, long At);
}
