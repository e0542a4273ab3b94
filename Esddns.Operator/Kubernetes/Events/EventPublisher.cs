using System.Collections.Concurrent;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Events;

/// <summary>
/// Publishes Events about changes and failures, which it finds by comparing each state with the one before.
/// </summary>
internal sealed class EventPublisher(EventRecorder events, LeaderInformers informers, KubernetesOptions options)
{
    /// <summary>The maximum number of Events that are written at the same time.</summary>
    private const int MaxParallelWrites = 4;

    private readonly ConcurrentDictionary<string, string> _refusals = new();

    /// <summary>Publishes the changes since the earlier state.</summary>
    public Task PublishAsync(
        Snapshot before,
        Snapshot now,
        IReadOnlyCollection<RecordRequest> requests,
        CancellationToken cancellationToken
    )
    {
        PendingEvent[] pending =
        [
            .. Changes(before, now, requests),
            .. requests.Select(Refusal).OfType<PendingEvent>(),
            .. Addresses(before, now),
        ];
        var order = RoundRobin.Of(pending, n => n.About.Namespace);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = MaxParallelWrites,
            CancellationToken = cancellationToken,
        };
        return Parallel.ForEachAsync(
            order,
            parallel,
            async (one, cancel) =>
                await (
                    one.IsWarning
                        ? events.RecordWarningAsync(one.About, one.Reason, one.Message, cancel)
                        : events.RecordNormalAsync(one.About, one.Reason, one.Message, cancel)
                )
        );
    }

    private static IEnumerable<PendingEvent> Changes(
        Snapshot before,
        Snapshot now,
        IReadOnlyCollection<RecordRequest> requests
    )
    {
        var owners = new Dictionary<RecordId, KubernetesObject>();
        foreach (var request in requests)
        foreach (var record in request.Records)
            owners[record.Id] = request.Object;

        foreach (var change in now.History.Except(before.History).Reverse())
        {
            if (owners.GetValueOrDefault(new(change.Fqdn, change.Type)) is not { } owner)
                continue;
            var from = change.From?.ToString() ?? "unknown";
            yield return new(
                owner,
                false,
                "RecordUpdated",
                $"Updated {change.Fqdn} {change.Type} to {change.To} (was {from})"
            );
        }

        foreach (var record in now.Records)
        {
            if (owners.GetValueOrDefault(record.Id) is not { } owner)
                continue;
            var was = before.Records[record.Id];
            if (record.State is SyncStatus.Failed or SyncStatus.Unknown && record.LastError?.At != was?.LastError?.At)
                yield return new(
                    owner,
                    true,
                    "RecordFailed",
                    $"Failed to reconcile {record.Id}: {record.LastError?.Message}"
                );
            else if (record.State == SyncStatus.LeftAlone && was?.Preserved?.Reason != record.Preserved?.Reason)
                yield return new(owner, true, "RecordPreserved", $"Preserved {record.Id}: {record.Preserved?.Reason}");
        }
    }

    private IEnumerable<PendingEvent> Addresses(Snapshot before, Snapshot now)
    {
        foreach (var wan in now.Wan)
        {
            if (wan.Address is null || before.WanOf(wan.Family) is not { Address: { } old } || old.Equals(wan.Address))
                continue;
            if (informers.Nodes.Find(options.NodeName) is { } node)
                yield return new(
                    node,
                    false,
                    "WanAddressChanged",
                    $"The public {wan.Family} address changed to {wan.Address} (was {old})"
                );
        }
    }

    private PendingEvent? Refusal(RecordRequest request)
    {
        var id = request.Object.Metadata.Uid;
        if (request.Refusal is null)
            _refusals.TryRemove(id, out _);
        else if (_refusals.GetValueOrDefault(id) != request.Message)
        {
            _refusals[id] = request.Message!;
            return new(request.Object, true, request.Refusal, request.Message!);
        }

        return null;
    }

    private sealed record PendingEvent(KubernetesObject About, bool IsWarning, string Reason, string Message);
}
