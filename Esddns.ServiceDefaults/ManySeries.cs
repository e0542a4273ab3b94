namespace Esddns.Telemetry;

/// <summary>The instruments with a series for each record. All others have few series.</summary>
/// <param name="Limits">By name, the maximum number of series of the instrument. The SDK reserves about 100 bytes for
/// each of them, and merges all further series into one.</param>
public sealed record ManySeries(IReadOnlyDictionary<string, int> Limits);
