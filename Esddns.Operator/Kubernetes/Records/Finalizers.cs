using Esddns.Operator.Kubernetes.Events;
using Esddns.Operator.State;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Holds an object that asks for <c>esddns.io/cleanup: "true"</c> until its value is out of the DNS, but never longer than a minute: an
/// object that cannot be deleted is worse than a record that stays.
/// </summary>
internal sealed class Finalizers(IKubernetes api, Deletions deletions, EventRecorder events, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Whether an object that is being deleted still waits for its cleanup.</summary>
    public static bool IsDue(DynamicRecord record) => record.Metadata.DeletionTimestamp is not null && WantsCleanup(record) && HasFinalizer(record);

    /// <summary>Sets the finalizer, or takes it away when there is nothing left to wait for.</summary>
    public async Task ApplyAsync(DynamicRecord record, Claim? claim, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (record.Metadata.DeletionTimestamp is not { } deleted)
        {
            if (WantsCleanup(record) != HasFinalizer(record)) await PatchAsync(record, WantsCleanup(record), cancellationToken);
            return;
        }

        if (!HasFinalizer(record)) return;
        if (WantsCleanup(record) && await deletions.OfAsync(record, cancellationToken) == DeletionCause.Kind)
        {
            await events.WarnAsync(
                record, "CleanupSkipped", "The kind DynamicRecord itself is being removed; the DNS record stays", cancellationToken);
            await PatchAsync(record, false, cancellationToken);
            return;
        }

        var isOver = time.GetUtcNow() - deleted > s_patience;
        if (WantsCleanup(record) && !IsGone(claim, snapshot) && !isOver) return;
        if (WantsCleanup(record) && !IsGone(claim, snapshot))
            await events.WarnAsync(record, "CleanupGivenUp", $"The DNS record could not be cleaned up within {s_patience.TotalSeconds:0} s, and stays", cancellationToken);
        await PatchAsync(record, false, cancellationToken);
    }

    private static bool WantsCleanup(DynamicRecord record) => record.GetAnnotation(DynamicRecord.CleanupAnnotation) == "true";

    private static bool HasFinalizer(DynamicRecord record) => record.Metadata.Finalizers?.Contains(DynamicRecord.CleanupFinalizer) == true;

    /// <summary>Whether a round has looked at the deletion, and nothing of ours is left.</summary>
    private static bool IsGone(Claim? claim, Snapshot snapshot) =>
        claim is { Object.Metadata.DeletionTimestamp: not null } && (claim.Refusal is not null || claim.Records.All(r =>
            snapshot.Records[r.Id] is { Ours.Count: 0, Sent: null }));

    private async Task PatchAsync(DynamicRecord record, bool holds, CancellationToken cancellationToken)
    {
        var others = (record.Metadata.Finalizers ?? []).Where(f => f != DynamicRecord.CleanupFinalizer);
        string[] next = holds ? [.. others, DynamicRecord.CleanupFinalizer] : [.. others];
        // With the version: finalizers of others must not be lost.
        var patch = new V1Patch(new { metadata = new { finalizers = next, resourceVersion = record.Metadata.ResourceVersion } }, V1Patch.PatchType.MergePatch);
        try
        {
            await api.CustomObjects.PatchNamespacedCustomObjectAsync<DynamicRecord>(
                patch, DynamicRecord.Group, DynamicRecord.Version, record.Namespace(), DynamicRecord.Plural, record.Name(), cancellationToken: cancellationToken);
        }
        catch (HttpOperationException e) when (e.Says(System.Net.HttpStatusCode.Conflict) || e.Says(System.Net.HttpStatusCode.NotFound))
        {
            // The watch brings the newer object, and with it the next attempt.
        }
    }
}
