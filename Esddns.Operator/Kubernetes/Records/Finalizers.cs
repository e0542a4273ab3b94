using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Events;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Holds an object that asks for <c>esddns.io/cleanup: "true"</c> until its values are out of the DNS, but never longer
/// than a minute: an object that cannot be deleted is worse than a record that stays. What stays is told where it can
/// still be read when object and namespace are gone: in the log, in a metric and in an Event in the operator's own
/// namespace.
/// </summary>
internal sealed class Finalizers(
    ApiClient api,
    Deletions deletions,
    EventRecorder events,
    IMeterFactory meters,
    ReconcileTrigger trigger,
    TimeProvider time,
    ILogger<Finalizers> logger
)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Counter<long> _givenUp = meters
        .Create("Esddns.Operator")
        .CreateCounter<long>(
            "esddns_cleanups_given_up",
            description: "Deleted objects of the cluster whose DNS records could not be removed in time, and stay."
        );

    /// <summary>Sets the finalizer, or removes it after the cleanup.</summary>
    /// <returns>Whether the object was written.</returns>
    public async Task<bool> ApplyAsync(
        KubernetesObject item,
        RecordRequest? request,
        Snapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        if (item.Metadata.DeletionTimestamp is not { } deleted)
        {
            // What is out of the DNS is not wanted any more in the next round.
            if (request?.Records.Any(r => r.Addresses is Evidence.Absent && IsGone(r, snapshot)) == true)
                trigger.Request(ReconcileReason.Cluster);
            var holds = Cleanup.IsWanted(item) && IsConcerned(item, request);
            return holds != Cleanup.IsHeld(item) && await PatchAsync(item, holds, cancellationToken);
        }

        if (!Cleanup.IsHeld(item))
            return false;
        // After a failure the query is repeated here, and its answer triggers a round.
        if (item is DynamicRecord record && Cleanup.IsDue(record))
            await deletions.OfAsync(record, cancellationToken);
        var isLeft = Cleanup.IsDue(item) && !IsGone(request, snapshot);
        if (isLeft && time.GetUtcNow() - deleted <= s_patience)
            return false;
        if (!await PatchAsync(item, false, cancellationToken))
            return false;
        if (isLeft)
            await GiveUpAsync(item, request, snapshot, cancellationToken);
        return true;
    }

    /// <summary>A Service is one of many: it is held only for names that it has, or had.</summary>
    private static bool IsConcerned(KubernetesObject item, RecordRequest? request) =>
        item is not Service
        || item.GetAnnotation(ServiceRecords.HostnameAnnotation) is not null
        || (Cleanup.IsHeld(item) && request is not { Records.Count: 0 });

    /// <summary>Whether a round has looked at the deletion, and nothing of ours is left.</summary>
    private static bool IsGone(RecordRequest? request, Snapshot snapshot) =>
        request is { Object.Metadata.DeletionTimestamp: not null }
        && (request.Refusal is not null || request.Records.All(r => IsGone(r, snapshot)));

    private static bool IsGone(DesiredRecord record, Snapshot snapshot) =>
        snapshot.Records[record.Id] is { Ours.Count: 0, Sent: null };

    private async Task GiveUpAsync(
        KubernetesObject item,
        RecordRequest? request,
        Snapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        var what = $"{(item is Service ? "Service" : DynamicRecord.KindName)} {item.Namespace}/{item.Name}";
        var left = string.Join(", ", (request?.Records ?? []).Take(10).Select(Told));
        logger.CleanupGivenUp(what, s_patience.TotalSeconds, left);
        _givenUp.Add(1);
        var message =
            $"The DNS records of {what} could not be cleaned up within {s_patience.TotalSeconds:0} s, and stay: {left}";
        await events.WarnLastingAsync(item, "CleanupGivenUp", message, cancellationToken);

        string Told(DesiredRecord record) =>
            snapshot.Records[record.Id]?.Reason is { } reason ? $"{record.Id} ({reason})" : $"{record.Id}";
    }

    /// <summary>Sets or takes away the finalizer; false when the object has changed meanwhile.</summary>
    private async Task<bool> PatchAsync(KubernetesObject item, bool holds, CancellationToken cancellationToken)
    {
        var others = (item.Metadata.Finalizers ?? []).Where(f => f != Cleanup.Finalizer);
        string[] next = holds ? [.. others, Cleanup.Finalizer] : [.. others];
        // With the version: finalizers of others must not be lost.
        var metadata = new JsonObject
        {
            ["finalizers"] = new JsonArray([.. next.Select(f => JsonValue.Create(f))]),
            ["resourceVersion"] = item.Metadata.ResourceVersion,
        };
        var patch = Patch.Merge(new JsonObject { ["metadata"] = metadata });
        try
        {
            if (item is Service)
                await api.PatchAsync(Resources.Services, item.Namespace, item.Name, patch, cancellationToken);
            else
                await api.PatchAsync(Resources.DynamicRecords, item.Namespace, item.Name, patch, cancellationToken);
            return true;
        }
        catch (Exception e) when (e.Says(HttpStatusCode.Conflict) || e.Says(HttpStatusCode.NotFound))
        {
            // The watch brings the newer object, and with it the next attempt.
            return false;
        }
    }
}
