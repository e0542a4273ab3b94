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

    /// <summary>
    /// Starts a child span of the current span; null when no listener is active. Set tags with <c>span?.SetTag</c>, so
    /// that no text is created for a span that nobody records.
    /// </summary>
    public static Activity? Start(string name) => s_source.StartActivity(name);

    /// <summary>Starts a new trace.</summary>
    public static Activity? StartTrace(string name)
    {
        Activity.Current = null;
        return s_source.StartActivity(name);
    }
}
