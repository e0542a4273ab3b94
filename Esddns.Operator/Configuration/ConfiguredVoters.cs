using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Interfaces;

namespace Esddns.Operator.Configuration;

/// <summary>Determines the voters that a set of address sources has.</summary>
internal static class ConfiguredVoters
{
    /// <summary>The providers of the sources, each once, plus the host's own interfaces.</summary>
    public static IReadOnlyCollection<string> Of(DiscoveryOptions sources)
    {
        var voters = Of(sources.Stun, EvidenceClass.Stun)
            .Concat(Of(sources.Echo, EvidenceClass.Https))
            .Concat(Of(sources.Dns, EvidenceClass.Dns))
            .ToHashSet();
        if (sources.Interfaces)
            voters.Add(new InterfaceSource().Id.Provider);
        return voters;
    }

    private static IEnumerable<string> Of(IEnumerable<Uri> servers, EvidenceClass @class) =>
        servers.Select(s => SourceId.Of(s, @class).Provider);
}
