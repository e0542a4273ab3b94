using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Esddns.AppHost;

/// <summary>Reports on the console why a program ended, which the dashboard shows only in the program's log.</summary>
internal static class Failures
{
    private const int Lines = 10;

    /// <summary>Logs the end of each program that failed, with the last lines that it wrote.</summary>
    public static void ReportFailures(this IDistributedApplicationBuilder builder) =>
        builder.Eventing.Subscribe<ResourceStoppedEvent>(
            async (stopped, cancel) =>
            {
                if (stopped.ResourceEvent.Snapshot.ExitCode is not ({ } code and not 0))
                    return;
                var logs = stopped.Services.GetRequiredService<ResourceLoggerService>();
                var lines = new List<string>();
                await foreach (var batch in logs.GetAllAsync(stopped.Resource).WithCancellation(cancel))
                    lines.AddRange(batch.Select(l => l.Content));
                var logger = stopped.Services.GetRequiredService<ILogger<DistributedApplication>>();
                logger.ProgramFailed(stopped.Resource.Name, code, string.Join('\n', lines.TakeLast(Lines)));
            }
        );
}
