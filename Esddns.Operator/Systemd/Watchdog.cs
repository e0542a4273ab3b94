namespace Esddns.Operator.Systemd;

/// <summary>The watchdog of the service manager.</summary>
/// <param name="Limit">The maximum time between two notifications; null without a watchdog.</param>
internal sealed record Watchdog(TimeSpan? Limit);
