using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Operator.Notifications.DeadMan;

/// <summary>
/// Pings while every record is verified. Silence is the alarm: it also comes when this process, its machine or its
/// connection ends. Only the leader pings.
/// </summary>
internal sealed class DeadManPings(
    PingTarget[] targets,
    StateStore state,
    ILeadership leadership,
    NotificationOptions options,
    NotificationMetrics metrics,
    TimeProvider time,
    ILogger<DeadManPings> logger
) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Array.ConvertAll(targets, t => RunAsync(t, stoppingToken)));

    private async Task RunAsync(PingTarget target, CancellationToken stoppingToken)
    {
        var (hasFailed, isReported) = (false, false);
        var verifiedAt = time.GetUtcNow();
        while (true)
        {
            await Task.Delay(target.Interval, time, stoppingToken);
            var now = time.GetUtcNow();
            if (!leadership.IsLeader)
            {
                verifiedAt = now;
                continue;
            }

            var isVerified = VerifiedRule.IsVerified(state.Current, options, now);
            if (isVerified)
                (verifiedAt, isReported) = (now, false);
            else if (!target.TakesFailures || isReported || now - verifiedAt < options.NotInSyncAfter)
                continue;
            var result = isVerified ? await target.PingAsync(stoppingToken) : await target.FailAsync(stoppingToken);
            isReported = !isVerified && result.Problem is null;
            metrics.Attempted(target.Name, result.Problem is null, isRepeat: false);
            if (result.Problem is { } problem && !hasFailed)
                logger.ChannelFailed(target.Name, problem);
            else if (result.Problem is null && hasFailed)
                logger.ChannelRestored(target.Name);
            hasFailed = result.Problem is not null;
        }
    }
}
