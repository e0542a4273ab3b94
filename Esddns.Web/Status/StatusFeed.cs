namespace Esddns.Web.Status;

/// <summary>Follows the operator for as long as this service lives, whether or not somebody looks.</summary>
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
            Lost(await FollowAsync(stoppingToken));
            // A connection that lasted is no failure in a row with the one before.
            if (time.GetElapsedTime(began) > s_longestWait)
                failures = 0;
            await Task.Delay(Wait(failures), time, stoppingToken);
        }
    }

    /// <summary>A random wait between the shortest and twice the one before, up to the longest.</summary>
    private TimeSpan Wait(int failures)
    {
        var most = s_shortestWait * Math.Pow(2, Math.Min(failures + 1, 10));
        if (most > s_longestWait)
            most = s_longestWait;
        return s_shortestWait + ((most - s_shortestWait) * random.NextDouble());
    }

    private async Task<string> FollowAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await services.GetRequiredService<OperatorClient>().FollowAsync(Received, stoppingToken);
        }
#pragma warning disable CA1031 // The feed outlives every surprise: without it the page would stay as it is for ever.
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.FeedBroken(e);
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

    private void Lost(string problem)
    {
        cache.Lose(problem);
        if (problem != _problem)
            logger.OperatorLost(problem);
        _problem = problem;
    }
}
