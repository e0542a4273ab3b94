using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery;

/// <summary>
/// The observations that other hosts made with their own sources. They can support the observations of this host, but
/// not outvote them, because another host may use another internet connection.
/// </summary>
internal interface IPeerObservations
{
    /// <summary>The newest observations of a family, each with the node that passed it on.</summary>
    IEnumerable<Observation.Seen> Of(IpFamily family);
}
