namespace Esddns.Simulator.Dns;

/// <summary>A resource record in an answer.</summary>
internal sealed record DnsRecord(string Name, ushort Type, uint Ttl, byte[] Data);
