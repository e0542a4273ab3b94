using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.DeadMan;

/// <summary>A service that raises an alarm when pings stop.</summary>
internal sealed class PingTarget(ChannelOptions options, HttpSender sender)
{
    /// <summary>The name in logs and metrics.</summary>
    public string Name => options.Name;

    /// <summary>The time between two pings.</summary>
    public TimeSpan Interval => options.Interval;

    /// <summary>Whether the service takes a report of a failure. Uptime Kuma notices the silence.</summary>
    public bool TakesFailures => options.Type == ChannelType.Healthchecks;

    /// <summary>Reports that all records are verified.</summary>
    public Task<SendResult> PingAsync(CancellationToken cancellationToken) => SendAsync("", cancellationToken);

    /// <summary>Reports a failure (<see href="https://healthchecks.io/docs/http_api/#fail-uuid"/>).</summary>
    public Task<SendResult> FailAsync(CancellationToken cancellationToken) => SendAsync("/fail", cancellationToken);

    /// <summary>Tests the address. Healthchecks.io logs this ping, and does not count it.</summary>
    public Task<SendResult> TestAsync(CancellationToken cancellationToken) =>
        SendAsync(TakesFailures ? "/log" : "", cancellationToken);

    private async Task<SendResult> SendAsync(string suffix, CancellationToken cancellationToken)
    {
        if (options.Url.Read(out var problem) is not { } text)
            return new SendResult(problem);
        if (ChannelAddress.Parse(options, text, out problem) is not { } url)
            return new SendResult($"the address {problem}");
        // Healthchecks.io creates a missing check with ?create=1.
        var query = options.Type == ChannelType.UptimeKuma ? "?status=up&msg=OK&ping=" : url.Query;
        var address = url.GetLeftPart(UriPartial.Path).TrimEnd('/') + suffix + query;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address));
        return await sender.SendAsync(request, options.Type, cancellationToken);
    }
}
