using System.Net;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Events;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Kubernetes.Deletion;

/// <summary>
/// Holds an object with <c>esddns.io/cleanup: "true"</c> until its values are removed from the DNS, for at most one
/// minute: an object that cannot be deleted is worse than a record that stays. The log, a metric, and an Event in the
/// operator's own namespace report records that stay. They outlive the object and its namespace.
/// </summary>
internal sealed class Finalizers(
    ApiClient api,
    DeletionCauses deletions,
    EventRecorder events,
    OperatorMetrics metrics,
    ReconcileTrigger trigger,
    TimeProvider time,
    ILogger<Finalizers> logger
)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);

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
            // The next round no longer requests a record whose values are removed.
            if (request?.Records.Any(r => r.Addresses is Evidence.Absent && IsGone(r, snapshot)) == true)
                trigger.Request(ReconcileReason.Cluster);
            var holds = Cleanup.IsRequested(item) && NeedsFinalizer(item, request);
            return holds != Cleanup.HasFinalizer(item) && await PatchAsync(item, holds, cancellationToken);
        }

        if (!Cleanup.HasFinalizer(item))
            return false;
        // After a failure the query is repeated here, and its answer triggers a round.
        if (item is DynamicRecord record && Cleanup.IsDue(record))
            await deletions.OfAsync(record, cancellationToken);
        var isIncomplete = Cleanup.IsDue(item) && !IsGone(request, snapshot);
        if (isIncomplete && time.GetUtcNow() - deleted <= s_timeout)
            return false;
        if (!await PatchAsync(item, false, cancellationToken))
            return false;
        if (isIncomplete)
            await GiveUpAsync(item, request, snapshot, cancellationToken);
        return true;
    }

    /// <summary>
    /// Whether the object needs the finalizer. A Service needs it only when it requests records, or requested some.
    /// </summary>
    private static bool NeedsFinalizer(KubernetesObject item, RecordRequest? request) =>
        item is not Service
        || item.GetAnnotation(ServiceRecords.HostnameAnnotation) is not null
        || (Cleanup.HasFinalizer(item) && request is not { Records.Count: 0 });

    /// <summary>Whether a round has processed the deletion, and no value of ours is left.</summary>
    private static bool IsGone(RecordRequest? request, Snapshot snapshot) =>
        request is { Object.Metadata.DeletionTimestamp: not null }
        && (request.Refusal == RecordRequest.CleanupSkipped || request.Records.All(r => IsGone(r, snapshot)));

    /// <summary>Whether the record has no value of ours, or its policy forbids to remove them.</summary>
    private static bool IsGone(DesiredRecord record, Snapshot snapshot) =>
        record.Policy == RecordPolicy.ObserveOnly
        || snapshot.Records[record.Id] is { Ours.Count: 0, Sent: null } or { IsNeverPublished: true };

    private async Task GiveUpAsync(
        KubernetesObject item,
        RecordRequest? request,
        Snapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        var name = $"{(item is Service ? "Service" : DynamicRecord.KindName)} {item.Namespace}/{item.Name}";
        var left = string.Join(", ", (request?.Records ?? []).Take(10).Select(Describe));
        logger.CleanupGivenUp(name, s_timeout.TotalSeconds, left);
        metrics.CleanupGivenUp();
        var message =
            $"Cannot clean up the DNS records of {name} within {s_timeout.TotalSeconds:0} s; these stay: {left}";
        await events.RecordLastingWarningAsync(item, "CleanupGivenUp", message, cancellationToken);

        string Describe(DesiredRecord record) =>
            snapshot.Records[record.Id]?.Reason is { } reason ? $"{record.Id} ({reason})" : $"{record.Id}";
    }

    /// <summary>Adds or removes the finalizer; false when the object has changed meanwhile.</summary>
    private async Task<bool> PatchAsync(KubernetesObject item, bool holds, CancellationToken cancellationToken)
    {
        var others = (item.Metadata.Finalizers ?? []).Where(f => f != Cleanup.Finalizer);
        string[] next = holds ? [.. others, Cleanup.Finalizer] : [.. others];
        // With the resource version: finalizers of other clients must not be lost.
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
        catch (Exception e) when (e.HasStatus(HttpStatusCode.Conflict) || e.HasStatus(HttpStatusCode.NotFound))
        {
            // The watch reports the newer object, which leads to the next attempt.
            return false;
        }
    }
}
