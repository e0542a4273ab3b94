using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.DeadMan;
using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator;

/// <summary>Sends a test message or ping to each configured channel (<c>--test-notifications</c>).</summary>
internal static class TestNotifications
{
    /// <summary>Sends the messages, and prints a line for each channel.</summary>
    /// <returns>0 when all were sent; 1 when one was not, or when no channel is configured.</returns>
    public static async Task<int> RunAsync(
        IServiceProvider services,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var message = new Message(
            Guid.NewGuid().ToString("N"),
            EventKind.Resolved,
            now,
            "Test message of ESDDNS",
            [$"Sent by {Environment.MachineName} on request."]
        );
        var (count, failed) = (0, 0);
        foreach (var channel in services.GetRequiredService<IChannel[]>())
            await ReportAsync(channel.Name, await channel.SendAsync(message, cancellationToken));
        foreach (var target in services.GetRequiredService<PingTarget[]>())
            await ReportAsync(target.Name, await target.TestAsync(cancellationToken));
        if (count == 0)
            await output.WriteLineAsync("no channel is configured; see docs/notifications.md");
        return count > 0 && failed == 0 ? 0 : 1;

        async Task ReportAsync(string name, SendResult result)
        {
            count++;
            failed += result.Problem is null ? 0 : 1;
            await output.WriteLineAsync(result.Problem is null ? $"{name}: sent" : $"{name}: failed: {result.Problem}");
        }
    }
}
