namespace Esddns.Operator.Telemetry;

/// <summary>Gauges that are created when the process starts.</summary>
internal interface IGauges;
