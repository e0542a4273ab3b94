namespace Esddns.Operator.Discovery;

/// <summary>
/// What others have seen from where they are, by their own sources. It can support what this host sees, and never
/// outvote it: another place may lie behind another line.
/// </summary>
internal interface IPeerObservations
{
    /// <summary>Their newest observations of a family, each marked with who passed it on.</summary>
    IEnumerable<Observation.Seen> Of(IpFamily family);
}
