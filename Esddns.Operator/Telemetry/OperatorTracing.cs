using System.Diagnostics;

namespace Esddns.Operator.Telemetry;

/// <summary>
/// One trace a round, with a span for each source, the agreement, the plan and each call to the provider.
/// </summary>
internal static class OperatorTracing
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Esddns.Operator";

    private static readonly ActivitySource s_source = new(Name);

    /// <summary>Starts a span below the current one; null when nobody listens.</summary>
    public static Activity? Start(string name, params ReadOnlySpan<(string Key, object? Value)> tags)
    {
        var span = s_source.StartActivity(name);
        foreach (var (key, value) in tags)
            span?.SetTag(key, value?.ToString());
        return span;
    }

    /// <summary>Starts a trace of its own.</summary>
    public static Activity? StartTrace(string name)
    {
        Activity.Current = null;
        return s_source.StartActivity(name);
    }
}
