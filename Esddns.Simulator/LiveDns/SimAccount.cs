namespace Esddns.Simulator.LiveDns;

/// <summary>An organization with its zones and tokens.</summary>
internal sealed class SimAccount(string name)
{
    /// <summary>The name of the organization.</summary>
    public string Name { get; } = name;

    /// <summary>The tokens of the organization.</summary>
    public List<SimToken> Tokens { get; } = [];

    /// <summary>The zones of the organization.</summary>
    public List<SimZone> Zones { get; } = [];
}
