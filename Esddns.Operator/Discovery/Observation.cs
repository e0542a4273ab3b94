using System.Net;
using Esddns.Text;

namespace Esddns.Operator.Discovery;

/// <summary>The way in which evidence was gained: sources of one class can be fooled in one way.</summary>
internal enum EvidenceClass
{
    /// <summary>A STUN server's word (RFC 8489).</summary>
    Stun,

    /// <summary>The answer of an echo service over HTTPS or HTTP.</summary>
    Https,

    /// <summary>The answer of a name server that tells whom it sees.</summary>
    Dns,

    /// <summary>An address on one of the host's own interfaces.</summary>
    Interface,
}

/// <summary>How far evidence can be trusted: who can forge one of a class can forge them all.</summary>
internal enum TrustClass
{
    /// <summary>
    /// STUN and DNS: answers without proof of who gave them. Whoever is on the path, or runs the resolver, forges both.
    /// </summary>
    Unauthenticated,

    /// <summary>Echo services over HTTP or HTTPS. Only those over HTTPS prove who answers.</summary>
    Echo,

    /// <summary>The host's own interfaces.</summary>
    Interface,
}

/// <summary>From evidence to trust.</summary>
internal static class EvidenceClassExtensions
{
    /// <summary>The trust class of this way of asking.</summary>
    public static TrustClass Trust(this EvidenceClass @class) =>
        @class switch
        {
            EvidenceClass.Interface => TrustClass.Interface,
            EvidenceClass.Https => TrustClass.Echo,
            _ => TrustClass.Unauthenticated,
        };
}

/// <summary>What came of asking one source once.</summary>
internal abstract record Observation(SourceId Source)
{
    /// <summary>The source says that we are reachable at <paramref name="Address"/>.</summary>
    internal sealed record Seen(SourceId Source, IPAddress Address) : Observation(Source);

    /// <summary>The source said nothing that can be used. That is not a word about the address.</summary>
    /// <param name="Source">Who was asked.</param>
    /// <param name="Reason">Why; what of it comes from outside is cleaned here.</param>
    internal sealed record Unavailable(SourceId Source, string Reason) : Observation(Source)
    {
        /// <inheritdoc cref="Unavailable(SourceId, string)"/>
        public string Reason { get; } = ForeignText.Clean(Reason);
    }
}
