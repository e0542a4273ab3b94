namespace Esddns.Simulator.LiveDns;

/// <summary>A stored RRset.</summary>
internal sealed record SimRRset(string Name, string Type, int Ttl, string[] Values);
