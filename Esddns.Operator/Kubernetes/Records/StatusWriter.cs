using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Events;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Writes what the leader knows where people look for it: into the objects' status, finalizers and Events. Each object
/// is by itself: what fails for one is repeated for that one, ever later, until it succeeds, and holds up no other.
/// </summary>
internal sealed class StatusWriter(
    ILeadership leadership,
    ClusterRecords records,
    LeaderInformers watches,
    EventPublisher publisher,
    ObjectStatus objects,
    Finalizers finalizers,
    StateStore state,
    LoopOptions loop,
    TimeProvider time,
    Random random,
    ILogger<StatusWriter> logger
) : BackgroundService
{
    /// <summary>So many objects are written at the same time.</summary>
    private const int AtOnce = 8;

    private const string Status = "status",
        Finalizer = "finalizer";

    /// <summary>
    /// Between two looks: a round changes the state many times. An object that is being deleted has to be looked at
    /// without any change.
    /// </summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

    /// <summary>Keys of objects, and namespaces without permission to write.</summary>
    private readonly Backoff<(string Which, string What)> _failed = new(loop, time, random);

    private Snapshot _told = state.Current;
    private Task _telling = Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var change = state.NextChange();
            var now = state.Current;
            try
            {
                if (leadership.IsLeader)
                    await WriteAsync(now, stoppingToken);
                else
                    Forget(now);
            }
#pragma warning disable CA1031 // A failed write must not end the others.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.StatusNotWritten("status of all objects", ForeignText.Clean(e.Explain()));
            }

            await Task.Delay(s_pause, time, stoppingToken);
            await Task.WhenAny(change, Task.Delay(s_idle, time, stoppingToken));
        }
    }

    /// <summary>Somebody else writes.</summary>
    private void Forget(Snapshot now)
    {
        _told = now;
        objects.Keep(new HashSet<string>());
    }

    private async Task WriteAsync(Snapshot now, CancellationToken cancellationToken)
    {
        var requests = records.Claims;
        // Slow Events do not delay the status; changes in between follow afterwards.
        if (_telling.IsCompleted)
            (_telling, _told) = (publisher.PublishAsync(_told, now, requests, cancellationToken), now);
        var byId = requests.ToDictionary(c => c.Object.Uid);
        KubernetesObject[] all =
        [
            .. watches.Records.Objects,
            .. watches.Services.Objects.Where(s => Cleanup.IsWanted(s) || Cleanup.IsHeld(s)),
        ];
        objects.Keep(all.Select(o => o.Uid).ToHashSet());
        _failed.Keep(
            all.SelectMany(o => new[] { o.Uid, o.Namespace })
                .SelectMany(w => new[] { (w, Status), (w, Finalizer) })
                .ToHashSet()
        );
        var together = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            RoundRobin.Of(all, o => o.Namespace),
            together,
            async (item, cancel) =>
            {
                var request = byId.GetValueOrDefault(item.Uid);
                if (
                    item is DynamicRecord record
                    && request is not null
                    && request.Object.Metadata.Generation == record.Metadata.Generation
                )
                    await TryAsync(item, Status, () => objects.WriteAsync(record, request, now, cancel), cancel);
                await TryAsync(item, Finalizer, () => finalizers.ApplyAsync(item, request, now, cancel), cancel);
            }
        );
    }

    /// <summary>Makes one write of one object, which answers whether there was anything to write.</summary>
    private async Task TryAsync(
        KubernetesObject item,
        string what,
        Func<Task<bool>> write,
        CancellationToken cancellationToken
    )
    {
        var (own, all) = ((item.Uid, what), (item.Namespace, what));
        if (!_failed.MayTry(own, false) || !_failed.MayTry(all, false))
            return;
        try
        {
            if (!await write())
                return;
            _failed.Succeeded(own);
            _failed.Succeeded(all);
        }
#pragma warning disable CA1031 // Whatever it is, it is a fault of this object, and must not hide the others.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // What is forbidden for one object is most likely forbidden in all of its namespace: one attempt tells.
            _failed.Failed(e.Says(HttpStatusCode.Forbidden) ? all : own);
            logger.StatusNotWritten($"{what} of {item.Namespace}/{item.Name}", ForeignText.Clean(e.Explain()));
        }
    }
}
