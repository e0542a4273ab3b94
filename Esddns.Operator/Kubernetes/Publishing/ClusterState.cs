using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// Keeps the snapshot in the ConfigMap <c>esddns-wan-ip</c>, where the leader writes it and everybody reads it. Each
/// write names the term it belongs to: what a leader of an earlier term still sends changes nothing.
/// </summary>
internal sealed class ClusterState(ApiClient api, KubernetesOptions options, ILogger<ClusterState> logger)
    : IStateKeeper,
        IDisposable
{
    /// <summary>The key of the snapshot.</summary>
    public const string StatusKey = "status";

    private const string AddressKey = "current_ip";
    private const string CheckedKey = "timestamp";
    private const string DetectedKey = "detected_at";
    private const string TermAnnotation = "esddns.io/term";
    private const int Attempts = 4;

    /// <summary>All keys that a leader writes; one without a value is removed.</summary>
    private static readonly string[] s_keys = [StatusKey, AddressKey, CheckedKey, DetectedKey];

    private readonly SemaphoreSlim _one = new(1);
    private ConfigMap? _last;
    private long _term;
    private IReadOnlySet<Dns.RecordId> _left = new HashSet<Dns.RecordId>();

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <summary>The version that this process last read or wrote as the leader; 0 when it never led.</summary>
    public long Version => VersionOf(Volatile.Read(ref _last));

    /// <summary>The state in a ConfigMap; null when it contains no readable one.</summary>
    public static Snapshot? Read(ConfigMap? map) =>
        map?.Data?.TryGetValue(StatusKey, out var status) == true && status is not null
            ? SnapshotJson.Read(Encoding.UTF8.GetBytes(status), out _)
            : null;

    /// <summary>Nothing yet: a leader takes over what its predecessor left, everybody else follows.</summary>
    public Snapshot Load() => Snapshot.Empty;

    /// <summary>
    /// Begins a term with what the predecessor left. The number that is written is greater than all before, also after
    /// somebody has removed the Lease, which counts from the beginning then.
    /// </summary>
    public async Task<Snapshot> TakeOverAsync(LeadershipTerm term)
    {
        await _one.WaitAsync(term.Ended);
        try
        {
            var found = await FindAsync(Resources.ConfigMaps, term.Ended);
            // Only while nobody else can lead is what was found a predecessor's.
            if (!term.IsHeld)
                throw new OperationCanceledException("the term has ended");
            var snapshot = Read(found);
            if (found is not null && snapshot is null)
                logger.KeptStateUnreadable(options.Namespace, KubernetesOptions.StateName);
            // Of what is known only the version matters from now on; the text of a thousand records is large.
            found?.Data = null;
            (_last, _term, Problem) = (found, Math.Max(term.Number, TermOf(found) + 1), null);
            return snapshot ?? Snapshot.Empty;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(Data(snapshot), snapshot.Nodes.Sum(n => n.Count), cancellationToken);
            Problem = null;
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
            _one.Release();
        }
    }

    /// <summary>
    /// What is published now, for a pod that does not lead; null when there is nothing that can be understood.
    /// </summary>
    /// <exception cref="ApiException">It cannot be read.</exception>
    public async Task<(Snapshot? Snapshot, long Version)> ReadAsync(CancellationToken cancellationToken)
    {
        var map = await FindAsync(Resources.ConfigMaps, cancellationToken);
        return (Read(map), VersionOf(map));
    }

    /// <summary>Tells the other pods that this leader has given its Lease back.</summary>
    /// <exception cref="ApiException">The other pods are not notified; they wait for the end of the Lease
    /// then.</exception>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        var path =
            $"/metadata/annotations/{PublishedState.LeaderAnnotation.Replace("/", "~1", StringComparison.Ordinal)}";
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
    public bool HasNoRoomFor(Dns.RecordId id) => _left.Contains(id);

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>
    /// Others write annotations to the same object, so a conflict is no news by itself; a later term is.
    /// </summary>
    private async Task WriteAsync(Dictionary<string, byte[]> data, int nodes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // At each attempt, and so at each call: what was found at the last one counts.
            if (TermOf(_last) > _term)
                throw new InvalidOperationException("a later leader has written it");
            try
            {
                _last = await PutAsync(data, nodes, cancellationToken);
                return;
            }
            catch (ApiException e)
                when (attempt < Attempts && (e.Says(HttpStatusCode.Conflict) || e.Says(HttpStatusCode.NotFound)))
            {
                _last = await FindAsync(Resources.ConfigMapMetadata, cancellationToken);
            }
        }
    }

    /// <summary>Makes the object, or changes the version of it that is known.</summary>
    private Task<ConfigMap> PutAsync(Dictionary<string, byte[]> data, int nodes, CancellationToken cancellationToken)
    {
        var annotations = new Dictionary<string, string>
        {
            [TermAnnotation] = _term.ToString(CultureInfo.InvariantCulture),
            [PublishedState.LeaderAnnotation] = options.Identity,
            [PublishedState.NodesAnnotation] = nodes.ToString(CultureInfo.InvariantCulture),
        };
        var metadata = new ObjectMeta { Annotations = annotations };
        if (_last is null)
        {
            (metadata.Name, metadata.Namespace) = (KubernetesOptions.StateName, options.Namespace);
            var texts = data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetString(d.Value));
            var first = new ConfigMap { Metadata = metadata, Data = texts };
            return api.CreateAsync(Resources.ConfigMapMetadata, first, cancellationToken);
        }

        (metadata.Uid, metadata.ResourceVersion) = (_last.Uid, _last.Metadata.ResourceVersion);
        // Quotes take one byte more.
        var patch = Patch.Merge(w => Write(w, metadata, data)) with
        {
            Size = data[StatusKey].Length * 5 / 4,
        };
        return api.PatchAsync(
            Resources.ConfigMapMetadata,
            options.Namespace,
            KubernetesOptions.StateName,
            patch,
            cancellationToken
        );
    }

    /// <summary>
    /// Writes the patch. The state of a thousand records is large, and is never made a text.
    /// </summary>
    private static void Write(Utf8JsonWriter writer, ObjectMeta metadata, Dictionary<string, byte[]> data)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("metadata");
        JsonSerializer.Serialize(writer, metadata, ObjectJson.Default.ObjectMeta);
        writer.WriteStartObject("data");
        foreach (var key in s_keys)
        {
            if (data.TryGetValue(key, out var value))
                writer.WriteString(key, value);
            else
                writer.WriteNull(key);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private async Task<ConfigMap?> FindAsync(Resource<ConfigMap> kind, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetAsync(kind, options.Namespace, KubernetesOptions.StateName, cancellationToken);
        }
        catch (ApiException e) when (e.Says(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    /// <summary>The keys of the old system, and the whole.</summary>
    private Dictionary<string, byte[]> Data(Snapshot snapshot)
    {
        var fitted = SizeLimitedState.Of(snapshot);
        _left = fitted.Left;
        var data = new Dictionary<string, byte[]> { [StatusKey] = fitted.Json };
        if ((snapshot.WanOf(Net.IpFamily.IPv4) ?? snapshot.Wan.FirstOrDefault()) is not { Address: { } address } wan)
            return data;
        data[AddressKey] = Encoding.UTF8.GetBytes(address.ToString());
        data[CheckedKey] = Time(wan.CheckedAt ?? snapshot.At);
        data[DetectedKey] = Time(wan.Since ?? snapshot.At);
        return data;

        static byte[] Time(DateTimeOffset at) => Encoding.UTF8.GetBytes(at.ToString("O", CultureInfo.InvariantCulture));
    }

    /// <summary>Versions of one kind are numbers that grow (KEP-5504 made that official).</summary>
    public static long VersionOf(ConfigMap? map) =>
        long.TryParse(map?.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;

    private static long TermOf(ConfigMap? map) =>
        int.TryParse(map?.GetAnnotation(TermAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var term)
            ? term
            : 0;
}
