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
/// Writes the results of the leader to the status, finalizers and Events of objects. A failed write is retried for its
/// object, with growing waits, and does not delay other objects.
/// </summary>
internal sealed class StatusWriter(
    ILeadership leadership,
    ClusterRecords records,
    LeaderInformers informers,
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
    /// <summary>The maximum number of objects that are written at the same time.</summary>
    private const int MaxParallelWrites = 8;

    private const string Status = "status",
        Finalizer = "finalizer";

    /// <summary>The shortest time between two passes: a round changes the state many times.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest time between two passes: a pending deletion needs a check without a change.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

    /// <summary>The failures by object or namespace, and by kind of write.</summary>
    private readonly Backoff<(string Key, string Write)> _backoff = new(loop, time, random);

    private Snapshot _published = state.Current;
    private Task _publishing = Task.CompletedTask;

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

    /// <summary>Forgets earlier writes, because another pod leads.</summary>
    private void Forget(Snapshot now)
    {
        _published = now;
        objects.Keep(new HashSet<string>());
    }

    private async Task WriteAsync(Snapshot now, CancellationToken cancellationToken)
    {
        var requests = records.Requests;
        // Slow Events do not delay the status. The next pass publishes the changes in between.
        if (_publishing.IsCompleted)
            (_publishing, _published) = (publisher.PublishAsync(_published, now, requests, cancellationToken), now);
        var byId = requests.ToDictionary(r => r.Object.Uid);
        KubernetesObject[] all =
        [
            .. informers.Records.Objects,
            .. informers.Services.Objects.Where(s => Cleanup.IsRequested(s) || Cleanup.HasFinalizer(s)),
        ];
        objects.Keep(all.Select(o => o.Uid).ToHashSet());
        _backoff.Keep(
            all.SelectMany(o => new[] { o.Uid, o.Namespace })
                .SelectMany(w => new[] { (w, Status), (w, Finalizer) })
                .ToHashSet()
        );
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = MaxParallelWrites,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(
            RoundRobin.Of(all, o => o.Namespace),
            parallel,
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

    /// <summary>Makes one write of one object. The write returns false when there is nothing to write.</summary>
    private async Task TryAsync(
        KubernetesObject item,
        string kind,
        Func<Task<bool>> write,
        CancellationToken cancellationToken
    )
    {
        var (own, all) = ((item.Uid, kind), (item.Namespace, kind));
        if (!_backoff.MayTry(own, false) || !_backoff.MayTry(all, false))
            return;
        try
        {
            if (!await write())
                return;
            _backoff.Succeeded(own);
            _backoff.Succeeded(all);
        }
#pragma warning disable CA1031 // Any failure concerns this object only, and must not affect the others.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // A forbidden write is probably forbidden in the whole namespace, so one attempt is enough.
            _backoff.Failed(e.HasStatus(HttpStatusCode.Forbidden) ? all : own);
            logger.StatusNotWritten($"{kind} of {item.Namespace}/{item.Name}", ForeignText.Clean(e.Explain()));
        }
    }
}
