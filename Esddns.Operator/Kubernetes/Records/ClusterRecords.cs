using System.Collections.Immutable;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Credentials;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// All records that the configuration and the cluster request. The configuration has the first right to an RRset, then
/// the ConfigMap. Then follows the oldest object of any kind that requests it and can publish it.
/// </summary>
internal sealed class ClusterRecords(
    ConfiguredRecords configured,
    ConfigMapRecord map,
    LeaderInformers informers,
    RecordRequestReader requestReader,
    ZoneLists zones,
    SecretTokens tokens,
    StateStore state,
    TimeProvider time
) : IDesiredRecords
{
    private volatile Dictionary<string, RecordRequest> _requests = [];
    private ImmutableHashSet<RecordId> _ownTokens = [];

    /// <summary>The result of each object's request in the last round.</summary>
    public IReadOnlyCollection<RecordRequest> Requests => _requests.Values;

    /// <summary>The result of the request of the object with this uid; null when there is none.</summary>
    public RecordRequest? RequestOf(string uid) => _requests.GetValueOrDefault(uid);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken)
    {
        if (!informers.IsRunning)
            return configured.Records;
        var owners = new RecordOwners();
        DesiredRecord[] first = [.. configured.Records.Concat(map.Current()).Where(r => owners.TryAdd([r], out _))];
        var all = await requestReader.CurrentAsync(cancellationToken);
        tokens.RetainOnly(all);
        var unplaceable = await zones.UnplaceableAsync(Contested(all), IsPublished, cancellationToken);
        var known = state.Current.Records.ToLookup(r => r.WantedBy);
        var before = _requests;
        RecordRequest[] requests =
        [
            .. all.OrderBy(r => r.Records.Any(unplaceable.Contains))
                .ThenBy(r => r.Object.Metadata.CreationTimestamp)
                .ThenBy(r => r.Object.Uid, StringComparer.Ordinal)
                .Select(r => WithTime(WithoutConflict(r, owners, known), before.GetValueOrDefault(r.Object.Uid))),
        ];
        _requests = requests.ToDictionary(r => r.Object.Uid);
        DesiredRecord[] wanted =
        [
            .. first,
            .. RoundRobin.Of(requests, r => r.Object.Namespace).SelectMany(r => r.Records),
        ];
        return [.. wanted, .. Cleanup.Remnants(Unrequested(wanted), time.GetUtcNow())];
    }

    /// <summary>
    /// The records of the state that nothing requests. Records with a token of their own are left out: the token was
    /// deleted with the object.
    /// </summary>
    private IEnumerable<RecordState> Unrequested(DesiredRecord[] wanted)
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

    /// <summary>Whether the object has published the record.</summary>
    private bool IsPublished(DesiredRecord record) =>
        state.Current.Records[record.Id] is { Key: not null, Ours.Count: > 0 } known
        && known.WantedBy == record.WantedBy;

    /// <summary>RRsets that several objects request.</summary>
    private static DesiredRecord[] Contested(IReadOnlyList<RecordRequest> requests)
    {
        DesiredRecord[] all = [.. requests.SelectMany(r => r.Records)];
        var (seen, contested) = (new HashSet<RecordId>(), new HashSet<RecordId>());
        foreach (var record in all)
            if (!seen.Add(record.Id))
                contested.Add(record.Id);
        return [.. all.Where(r => contested.Contains(r.Id))];
    }

    /// <summary>
    /// Refuses a request for a record of another owner. Records of earlier requests are left out when another owner
    /// has them now.
    /// </summary>
    private static RecordRequest WithoutConflict(
        RecordRequest request,
        RecordOwners owners,
        ILookup<string?, RecordState> known
    )
    {
        DesiredRecord[] wanted = [.. request.Records.Where(r => !Cleanup.IsRemoval(r))];
        if (request.Refusal is null && !owners.TryAdd(wanted, out var conflict))
            request = request.Refused("Conflict", conflict!).WithHeld(known);
        if (request.Refusal is not null)
            wanted = [];
        return request with
        {
            Records =
            [
                .. wanted,
                .. request.Records.Except(wanted).DistinctBy(r => r.Id).Where(r => owners.TryAdd([r], out _)),
            ],
        };
    }

    /// <summary>
    /// Adds the time at which the request got its present form, because earlier state describes another request. A new
    /// leader keeps the result of its predecessor.
    /// </summary>
    private RecordRequest WithTime(RecordRequest request, RecordRequest? before)
    {
        if (before is not null && request.IsLike(before))
            return request with { Round = before.Round, Since = before.Since };
        var isKnown =
            before is null
            && request.Refusal is null
            && request.Object is DynamicRecord { Status.ObservedGeneration: { } observed, Metadata: var metadata }
            && observed == metadata.Generation;
        return isKnown
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
