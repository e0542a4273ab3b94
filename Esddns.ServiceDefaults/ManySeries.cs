namespace Esddns.Telemetry;

/// <summary>The instruments with a series for each record. All others have few series.</summary>
/// <param name="Limit">The maximum number of series of one instrument. The SDK reserves about 100 bytes for each of
/// them, and merges all further series into one.</param>
/// <param name="Instruments">The names of the instruments.</param>
public sealed record ManySeries(int Limit, IReadOnlyCollection<string> Instruments);
