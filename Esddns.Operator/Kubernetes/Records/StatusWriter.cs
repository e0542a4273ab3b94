using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Events;
using Esddns.Operator.State;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>Writes what the leader knows where people look for it: into the objects' status and Events. What has not changed is not written.</summary>
internal sealed partial class StatusWriter(
    IKubernetes api, IWritePermit permit, ClusterRecords records, LeaderWatches watches, Announcer announcer, Finalizers finalizers, StateStore state, TimeProvider time,
    ILogger<StatusWriter> logger) : BackgroundService
{
    /// <summary>Between two looks: a round changes the state many times. An object that is being deleted has to be looked at without any change.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, string> _written = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = state.Current;
        while (true)
        {
            var change = state.NextChange();
            if (!permit.IsHeld)
            {
                told = state.Current;
                _written.Clear();
            }
            else
            {
                var now = state.Current;
                try
                {
                    await WriteAsync(told, now, stoppingToken);
                    told = now;
                }
#pragma warning disable CA1031 // What cannot be told must not end what is done.
                catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    LogNotWritten(e.Explain());
                }
            }

            await Task.Delay(s_pause, time, stoppingToken);
            await Task.WhenAny(change, Task.Delay(s_idle, time, stoppingToken));
        }
    }

    private async Task WriteAsync(Snapshot before, Snapshot now, CancellationToken cancellationToken)
    {
        var claims = records.Claims;
        await announcer.TellAsync(before, now, claims, cancellationToken);
        var byId = claims.Where(c => c.Object is DynamicRecord).ToDictionary(c => c.Object.Uid());
        foreach (var record in watches.Records.Objects)
        {
            if (byId.GetValueOrDefault(record.Uid()) is { } claim && claim.Object.Metadata.Generation == record.Metadata.Generation) await WriteAsync(record, claim, now, cancellationToken);
            await finalizers.ApplyAsync(record, byId.GetValueOrDefault(record.Uid()), now, cancellationToken);
        }
    }

    private async Task WriteAsync(DynamicRecord record, Claim claim, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var status = RecordStatus.Of(record, claim, snapshot, time.GetUtcNow().UtcDateTime);
        var next = KubernetesJson.Serialize(status);
        if (_written.GetValueOrDefault(record.Uid()) == next || (record.Status is { } old && KubernetesJson.Serialize(old) == next)) return;
        var patch = new V1Patch(new { status }, V1Patch.PatchType.MergePatch);
        try
        {
            await api.CustomObjects.PatchNamespacedCustomObjectStatusAsync<DynamicRecord>(
                patch, DynamicRecord.Group, DynamicRecord.Version, record.Namespace(), DynamicRecord.Plural, record.Name(), cancellationToken: cancellationToken);
            _written[record.Uid()] = next;
        }
        catch (HttpOperationException e)
        {
            // It is gone; or this one object has a fault, which must not hide the others.
            _written[record.Uid()] = next;
            if (!e.Says(HttpStatusCode.NotFound)) LogNotWritten($"{record.Namespace()}/{record.Name()}: {e.Explain()}");
        }
    }

    [LoggerMessage(EventName = "StatusNotWritten", Level = LogLevel.Warning, Message = "The objects' status cannot be written: {Problem}")]
    private partial void LogNotWritten(string problem);
}
