using Esddns.Contracts;

namespace Esddns.Web.Status;

/// <summary>Follows the operator while this service runs, with or without visitors.</summary>
internal sealed class StatusFeed(
    IServiceProvider services,
    StatusCache cache,
    TimeProvider time,
    Random random,
    ILogger<StatusFeed> logger
) : BackgroundService
{
    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);
    private string? _problem = "";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; ; failures++)
        {
            var began = time.GetTimestamp();
            Disconnected(await FollowAsync(stoppingToken));
            // A connection that lasted longer than the longest wait resets the backoff.
            if (time.GetElapsedTime(began) > s_longestWait)
                failures = 0;
            await Task.Delay(Wait(failures), time, stoppingToken);
        }
    }

    /// <summary>
    /// A random wait between the shortest wait and a limit that doubles with each failure, up to the longest wait.
    /// </summary>
    private TimeSpan Wait(int failures)
    {
        var max = s_shortestWait * Math.Pow(2, Math.Min(failures + 1, 10));
        if (max > s_longestWait)
            max = s_longestWait;
        return s_shortestWait + ((max - s_shortestWait) * random.NextDouble());
    }

    private async Task<string> FollowAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await services.GetRequiredService<OperatorClient>().FollowAsync(Received, stoppingToken);
        }
#pragma warning disable CA1031 // Without the feed the page would never update again.
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.StatusStreamFailed(e);
            return "this service failed; its log has the reason";
        }
    }

    private void Received(StatusDocument? status)
    {
        cache.Confirm(status);
        if (_problem is not null)
            logger.OperatorFollowed();
        _problem = null;
    }

    private void Disconnected(string problem)
    {
        cache.MarkStale(problem);
        if (problem != _problem)
            logger.OperatorUnreachable(problem);
        _problem = problem;
    }
}
