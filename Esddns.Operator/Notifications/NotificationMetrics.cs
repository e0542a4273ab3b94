using System.Diagnostics.Metrics;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Notifications;

/// <summary>The metrics of notifications. The exporter appends <c>_total</c> to the counter.</summary>
internal sealed class NotificationMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _sent;
    private int _queued;

    public NotificationMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(OperatorTracing.Name);
        _sent = _meter.CreateCounter<long>(
            "esddns_notifications_sent",
            description: "Messages and pings, by channel and outcome: sent, repeated, failed."
        );
        _meter.CreateObservableGauge(
            "esddns_notifications_queued",
            () => Volatile.Read(ref _queued),
            description: "Events that wait for a channel; 0 at a follower."
        );
    }

    /// <summary>The number of waiting events.</summary>
    public void Queued(int count) => Volatile.Write(ref _queued, count);

    /// <summary>Counts the attempt to send a message or ping.</summary>
    /// <param name="channel">The name of the channel.</param>
    /// <param name="isSent">Whether it was sent.</param>
    /// <param name="isRepeat">Whether an earlier attempt may have delivered the same message.</param>
    public void Attempted(string channel, bool isSent, bool isRepeat)
    {
        var sent = isRepeat ? "repeated" : "sent";
        _sent.Add(1, new("channel", channel), new("outcome", isSent ? sent : "failed"));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
