using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Kubernetes.Events;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.State;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Status;

/// <summary>Writes the results of the leader to objects and Events, after each change of the state.</summary>
internal sealed class ResultWriter(
    ILeadership leadership,
    ClusterRecords records,
    LeaderInformers informers,
    EventPublisher publisher,
    ObjectWriter writer,
    StateStore state,
    TimeProvider time,
    ILogger<ResultWriter> logger
) : BackgroundService
{
    /// <summary>The shortest time between two passes: a round changes the state many times.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest time between two passes: a pending deletion needs a check without a change.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

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
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // The term has ended.
            }
#pragma warning disable CA1031 // A failed write must not end the others.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.StatusNotWritten("status of all objects", UntrustedText.Clean(e.Explain()));
            }

            await Task.Delay(s_pause, time, stoppingToken);
            await Task.WhenAny(change, Task.Delay(s_idle, time, stoppingToken));
        }
    }

    /// <summary>Forgets earlier writes, because another pod leads.</summary>
    private void Forget(Snapshot now)
    {
        _published = now;
        writer.RetainOnly([]);
    }

    private async Task WriteAsync(Snapshot now, CancellationToken stoppingToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, leadership.LeadershipLost);
        var requests = records.Requests;
        // Slow Events do not delay the status. The next pass publishes the changes in between.
        if (_publishing.IsCompleted)
            (_publishing, _published) = (publisher.PublishAsync(_published, now, requests, stoppingToken), now);
        KubernetesObject[] objects =
        [
            .. informers.Records.Objects,
            .. informers.Services.Objects.Where(s => Cleanup.IsRequested(s) || Cleanup.HasFinalizer(s)),
        ];
        await writer.WriteAsync(objects, now, linked.Token);
    }
}
