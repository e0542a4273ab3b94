using System.Collections.Immutable;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// All records that the cluster requests. An RRset belongs to the configuration, then to the ConfigMap, then to the
/// oldest object of any kind that requests it and whose zone exists.
/// </summary>
internal sealed partial class ClusterRecords(
    ConfiguredRecords configured,
    ConfigMapRecord map,
    LeaderInformers watches,
    RecordRequestReader requestReader,
    ZoneLists zones,
    SecretTokens tokens,
    StateStore state,
    TimeProvider time
) : IDesiredRecords
{
    private ImmutableArray<RecordRequest> _claims = [];
    private ImmutableHashSet<RecordId> _ownTokens = [];

    /// <summary>The result of each object's request in the last round.</summary>
    public ImmutableArray<RecordRequest> Claims => _claims;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken)
    {
        if (!watches.IsRunning)
            return configured.Records;
        var register = new RecordOwners();
        DesiredRecord[] first = [.. configured.Records.Concat(map.Current()).Where(r => register.TryEnter([r], out _))];
        var all = await requestReader.CurrentAsync(cancellationToken);
        var homeless = await zones.HomelessAsync(Contested(all), cancellationToken);
        var before = _claims.ToDictionary(c => c.Object.Uid);
        RecordRequest[] requests =
        [
            .. all.OrderBy(c => c.Records.Any(homeless.Contains))
                .ThenBy(c => c.Object.Metadata.CreationTimestamp)
                .ThenBy(c => c.Object.Uid, StringComparer.Ordinal)
                .Select(c => Noted(Entered(c, register), before.GetValueOrDefault(c.Object.Uid))),
        ];
        tokens.Keep(requests);
        ImmutableInterlocked.InterlockedExchange(ref _claims, [.. requests]);
        DesiredRecord[] wanted =
        [
            .. first,
            .. RoundRobin.Of(requests, c => c.Object.Namespace).SelectMany(c => c.Records),
        ];
        return [.. wanted, .. Cleanup.Remnants(Released(wanted), time.GetUtcNow())];
    }

    /// <summary>
    /// The records of the state that nothing wants any more, but for those that were reached with a token of their own:
    /// it went with the object.
    /// </summary>
    private IEnumerable<RecordState> Released(DesiredRecord[] wanted)
    {
        var known = state.Current.Records;
        var ids = wanted.Select(r => r.Id).ToHashSet();
        _ownTokens =
        [
            .. _ownTokens.Where(id => known[id] is not null),
            .. wanted.Where(r => r.Credentials is not null).Select(r => r.Id),
        ];
        return known.Where(r => !ids.Contains(r.Id) && !_ownTokens.Contains(r.Id));
    }

    /// <summary>RRsets that several objects request.</summary>
    private static DesiredRecord[] Contested(IReadOnlyList<RecordRequest> requests) =>
        [.. requests.SelectMany(c => c.Records).GroupBy(r => r.Id).Where(g => g.Count() > 1).SelectMany(g => g)];

    private static RecordRequest Entered(RecordRequest request, RecordOwners register) =>
        request.Refusal is not null || register.TryEnter(request.Records, out var conflict)
            ? request
            : request.Refused("Conflict", conflict!);

    /// <summary>
    /// Since when it is claimed so: what the state has from before is about something else. A new leader takes over
    /// what its predecessor has judged.
    /// </summary>
    private RecordRequest Noted(RecordRequest request, RecordRequest? before)
    {
        if (before is not null && request.IsLike(before))
            return request with { Round = before.Round, Since = before.Since };
        var isJudged =
            before is null
            && request.Refusal is null
            && request.Object is DynamicRecord { Status.ObservedGeneration: { } observed, Metadata: var metadata }
            && observed == metadata.Generation;
        return isJudged
            ? request with
            {
                Round = -1,
                Since = DateTimeOffset.MinValue,
            }
            : request with
            {
                Round = state.Current.Round,
                Since = time.GetUtcNow(),
            };
    }
}
