using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Status;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// Keeps the snapshot in the ConfigMap <c>esddns-wan-ip</c>, which the leader writes and all pods read. Each write
/// contains the number of its term, so that a late write of an earlier leader has no effect.
/// </summary>
internal sealed class ClusterState(
    ApiClient api,
    KubernetesOptions options,
    StateSizeLimit limit,
    Func<OwnershipWriter> ownership,
    TimeProvider time,
    ILogger<ClusterState> logger
) : IStatePersistence, IDisposable
{
    private const string TermAnnotation = "esddns.io/term";
    private const int Attempts = 4;

    /// <summary>
    /// How long newer times stay unpublished. Less than the default sync interval: followers show when the last timer
    /// round ended.
    /// </summary>
    private static readonly TimeSpan s_timesInterval = TimeSpan.FromMinutes(4);

    private readonly SemaphoreSlim _mutex = new(1);
    private readonly LastSave _lastSave = new(s_timesInterval, time);
    private ConfigMap? _last;
    private long _term;
    private RecordStates _stored = RecordStates.Empty;
    private volatile IReadOnlySet<Dns.RecordId> _unstored = new HashSet<Dns.RecordId>();

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <summary>
    /// The version that this process last read or wrote as the leader; 0 when it was never the leader.
    /// </summary>
    public long Version => VersionOf(Volatile.Read(ref _last));

    /// <summary>
    /// Returns an empty snapshot: a leader takes over the state of its predecessor, and other pods follow the leader.
    /// </summary>
    public Snapshot Load() => Snapshot.Empty;

    /// <summary>
    /// Begins a term with the state of the predecessor. The number of the term is greater than all earlier ones, even
    /// after the Lease was deleted.
    /// </summary>
    /// <returns>The state; null when there is none, or when it is unreadable.</returns>
    public async Task<Snapshot?> TakeOverAsync(LeadershipTerm term)
    {
        await _mutex.WaitAsync(term.Ended);
        try
        {
            var found = await FindAsync(Resources.ConfigMaps, term.Ended);
            // After the end of the term, another leader may have written the state that was read.
            if (!term.IsHeld)
                throw new OperationCanceledException("the term has ended");
            var snapshot = StateContent.Read(found);
            if (found is not null && snapshot is null)
                logger.PublishedStateUnreadable(options.Namespace, KubernetesOptions.StateName);
            // Only the version is needed from now on; the text of a thousand records is large.
            found?.Data = null;
            found?.BinaryData = null;
            (_last, _term, Problem) = (found, Math.Max(term.Number, TermOf(found) + 1), null);
            _stored = snapshot?.Records ?? RecordStates.Empty;
            _lastSave.Forget();
            return snapshot;
        }
        finally
        {
            _mutex.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        await _mutex.WaitAsync(cancellationToken);
        try
        {
            _lastSave.Forget();
            var fitted = Fit(snapshot);
            if (fitted.Unstored.Count > 0)
            {
                var isAboutToSend = fitted.Unstored.Any(id => snapshot.Records[id]?.Sent is not null);
                await ownership().WriteAsync(fitted.Unstored, isAboutToSend, cancellationToken);
                fitted = Fit(snapshot);
            }

            await WriteAsync(StateContent.Texts(snapshot), fitted, snapshot.Nodes.Sum(n => n.Count), cancellationToken);
            (_stored, _unstored, Problem) = (fitted.Kept, fitted.Unstored, null);
            _lastSave.Succeeded(snapshot);
            return true;
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or InvalidOperationException)
        {
            var problem =
                $"the ConfigMap {options.Namespace}/{KubernetesOptions.StateName} cannot be written: {e.Explain()}";
            if (Problem != problem)
                logger.StateNotKept(problem);
            Problem = problem;
            return false;
        }
        finally
        {
            _mutex.Release();
        }
    }

    /// <summary>
    /// Whether this leader has published the snapshot, except for newer times. Not while a record is unstored: each
    /// save tries again.
    /// </summary>
    public bool IsPersisted(Snapshot snapshot) => _unstored.Count == 0 && _lastSave.Covers(snapshot);

    /// <summary>
    /// Reads the published snapshot, for a pod that does not lead; null when no snapshot is readable.
    /// </summary>
    /// <exception cref="ApiException">The ConfigMap cannot be read.</exception>
    public async Task<(Snapshot? Snapshot, long Version)> ReadAsync(CancellationToken cancellationToken)
    {
        var map = await FindAsync(Resources.ConfigMaps, cancellationToken);
        return (StateContent.Read(map), VersionOf(map));
    }

    /// <summary>Publishes that this leader has released its Lease.</summary>
    /// <exception cref="ApiException">The end is not published; the other pods wait until the Lease
    /// expires.</exception>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        var path =
            $"/metadata/annotations/{StateAnnotations.LeaderAnnotation.Replace("/", "~1", StringComparison.Ordinal)}";
        // A successor may have written already.
        var test = new JsonObject
        {
            ["op"] = "test",
            ["path"] = path,
            ["value"] = options.Identity,
        };
        var replace = new JsonObject
        {
            ["op"] = "replace",
            ["path"] = path,
            ["value"] = "",
        };
        await api.PatchAsync(
            Resources.ConfigMapMetadata,
            options.Namespace,
            KubernetesOptions.StateName,
            Patch.Json(test, replace),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public bool IsUnstored(Dns.RecordId id) => _unstored.Contains(id);

    /// <inheritdoc/>
    public void Dispose() => _mutex.Dispose();

    private SizeLimitedState Fit(Snapshot snapshot) =>
        SizeLimitedState.Of(snapshot, limit, _stored, r => ownership().IsStored(r));

    /// <summary>
    /// Writes the data. Other clients annotate the same object, so a conflict alone is no error; a later term is one.
    /// </summary>
    private async Task WriteAsync(
        Dictionary<string, string> data,
        SizeLimitedState state,
        int nodes,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            // Checks the object that the last attempt found, at each attempt and at each call.
            if (TermOf(_last) > _term)
                throw new InvalidOperationException("a later leader has written it");
            try
            {
                _last = await PutAsync(data, state, nodes, cancellationToken);
                return;
            }
            catch (ApiException e)
                when (attempt < Attempts
                    && (e.HasStatus(HttpStatusCode.Conflict) || e.HasStatus(HttpStatusCode.NotFound))
                )
            {
                _last = await FindAsync(Resources.ConfigMapMetadata, cancellationToken);
            }
        }
    }

    /// <summary>Creates the object, or changes its known version.</summary>
    private Task<ConfigMap> PutAsync(
        Dictionary<string, string> data,
        SizeLimitedState state,
        int nodes,
        CancellationToken cancellationToken
    )
    {
        var annotations = new Dictionary<string, string>
        {
            [TermAnnotation] = _term.ToString(CultureInfo.InvariantCulture),
            [StateAnnotations.LeaderAnnotation] = options.Identity,
            [StateAnnotations.NodesAnnotation] = nodes.ToString(CultureInfo.InvariantCulture),
        };
        var metadata = new ObjectMeta { Annotations = annotations };
        if (_last is null)
        {
            (metadata.Name, metadata.Namespace) = (KubernetesOptions.StateName, options.Namespace);
            var first = StateContent.Create(metadata, data, state);
            return api.CreateAsync(Resources.ConfigMapMetadata, first, cancellationToken);
        }

        (metadata.Uid, metadata.ResourceVersion) = (_last.Uid, _last.Metadata.ResourceVersion);
        // Each escaped quote takes one byte more.
        var patch = Patch.Merge(w => StateContent.Write(w, metadata, data, state)) with
        {
            Size = state.Bytes.Length * 5 / 4,
        };
        return api.PatchAsync(
            Resources.ConfigMapMetadata,
            options.Namespace,
            KubernetesOptions.StateName,
            patch,
            cancellationToken
        );
    }

    private async Task<ConfigMap?> FindAsync(Resource<ConfigMap> kind, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetAsync(kind, options.Namespace, KubernetesOptions.StateName, cancellationToken);
        }
        catch (ApiException e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    /// <summary>
    /// The resource version as a number, which grows with each write (KEP-5504); 0 without a version.
    /// </summary>
    public static long VersionOf(ConfigMap? map) =>
        long.TryParse(map?.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;

    private static long TermOf(ConfigMap? map) =>
        int.TryParse(map?.GetAnnotation(TermAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var term)
            ? term
            : 0;
}
