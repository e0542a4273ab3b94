using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Status;

/// <summary>
/// Writes the status of a DynamicRecord. An unchanged status is not written; a status that another client has changed
/// is written again. Only the leader writes, and only from its own state: the state of a follower may lack records.
/// </summary>
internal sealed class DynamicRecordStatusWriter(
    StatusPatch patch,
    ClusterRecords records,
    StateStore state,
    ILeadership leadership,
    TimeProvider time
) : IDisposable
{
    /// <summary>Two writers of one object take turns: the first to start must not be the last to write.</summary>
    private readonly SemaphoreSlim[] _mutexes = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1))];

    private readonly ConcurrentDictionary<string, WrittenStatus> _written = new();

    /// <summary>
    /// Applies the status that follows from the current state. Throws the exceptions of <see cref="ApiClient"/>.
    /// </summary>
    /// <returns>Whether the status was written. Not when it is unchanged, when the object was deleted, when no request
    /// for it is known, or when this process does not lead.</returns>
    public async Task<bool> WriteAsync(DynamicRecord record, CancellationToken cancellationToken)
    {
        var ended = leadership.LeadershipLost;
        if (!leadership.IsLeader)
            return false;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended);
        var mutex = _mutexes[(uint)record.Uid.GetHashCode(StringComparison.Ordinal) % _mutexes.Length];
        await mutex.WaitAsync(linked.Token);
        try
        {
            if (records.RequestOf(record.Uid) is not { } request)
                return false;
            var now = time.GetUtcNow().UtcDateTime;
            var status = DynamicRecordConditions.Of(record, request, state.Current, Stored(record)?.Records, now);
            // The state of a follower replaces that of the leader only after the end of the term.
            ended.ThrowIfCancellationRequested();
            var next = Digest(status);
            if (!IsDue(record, next))
                return false;
            var version = Newest(record);
            _written.TryRemove(record.Uid, out _);
            var stored = await patch.ApplyAsync(record, version, status, linked.Token);
            _written[record.Uid] = new WrittenStatus(
                next,
                Digest(stored.Status),
                stored.Status,
                stored.Metadata.ResourceVersion
            );
            return true;
        }
        catch (Exception e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            return false;
        }
        finally
        {
            mutex.Release();
        }
    }

    /// <summary>The newest known status of an object: from the informer, or from the last write.</summary>
    public DynamicRecordStatus? Stored(DynamicRecord record) =>
        IsNewerThanInformer(record, out var last) ? last.Stored : record.Status;

    /// <summary>Removes all objects but these from memory.</summary>
    public void RetainOnly(IReadOnlySet<string> uids)
    {
        foreach (var uid in _written.Keys.Where(u => !uids.Contains(u)))
            _written.TryRemove(uid, out _);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mutex in _mutexes)
            mutex.Dispose();
    }

    /// <summary>Whether the status differs from the last one written, or was changed since.</summary>
    private bool IsDue(DynamicRecord record, ReadOnlySpan<byte> next)
    {
        var isNewer = IsNewerThanInformer(record, out var last);
        if (last is null)
            return !Digest(record.Status).SequenceEqual(next);
        // The informer has an equal copy of the status, so one of them is enough for the memory.
        if (!isNewer)
            _written[record.Uid] = last with { Stored = record.Status };
        if (!last.Applied.SequenceEqual(next))
            return true;
        // Compared with the answer to the last write, because the API server may store it in another form.
        return !isNewer && !Digest(record.Status).SequenceEqual(last.Answer);
    }

    private byte[] Digest(DynamicRecordStatus? status) => SHA256.HashData(patch.Json(status));

    private string? Newest(DynamicRecord record) =>
        IsNewerThanInformer(record, out var last) ? last.Version : record.Metadata.ResourceVersion;

    /// <summary>Whether the last write is newer than the object of the informer. Versions grow (KEP-5504).</summary>
    private bool IsNewerThanInformer(DynamicRecord record, [NotNullWhen(true)] out WrittenStatus? last) =>
        _written.TryGetValue(record.Uid, out last)
        && VersionOf(last.Version) > VersionOf(record.Metadata.ResourceVersion);

    private static long VersionOf(string? version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The last write of a status.</summary>
    /// <param name="Applied">The digest of the status that was written.</param>
    /// <param name="Answer">The digest of the status in the answer.</param>
    /// <param name="Stored">The newest known status: that of the answer, or a later one of the informer.</param>
    /// <param name="Version">The version in the answer.</param>
    private sealed record WrittenStatus(byte[] Applied, byte[] Answer, DynamicRecordStatus? Stored, string? Version);
}
