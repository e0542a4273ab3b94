using System.Diagnostics;

namespace Esddns.Operator.Telemetry;

/// <summary>
/// The traces of the operator: one trace per round, with spans for each source, the agreement, the plan and each call
/// to the DNS provider.
/// </summary>
internal static class OperatorTracing
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Esddns.Operator";

    private static readonly ActivitySource s_source = new(Name);

    /// <summary>Starts a child span of the current span; null when no listener is active.</summary>
    public static Activity? Start(string name, params ReadOnlySpan<(string Key, object? Value)> tags)
    {
        var span = s_source.StartActivity(name);
        foreach (var (key, value) in tags)
            span?.SetTag(key, value?.ToString());
        return span;
    }

    /// <summary>Starts a new trace.</summary>
    public static Activity? StartTrace(string name)
    {
        Activity.Current = null;
        return s_source.StartActivity(name);
    }
}
