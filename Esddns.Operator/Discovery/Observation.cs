using System.Net;

namespace Esddns.Operator.Discovery;

/// <summary>The way in which evidence was gained: sources of one class can be fooled in one way.</summary>
internal enum EvidenceClass
{
    /// <summary>A STUN server's word (RFC 8489).</summary>
    Stun,

    /// <summary>The answer of an HTTPS echo service.</summary>
    Https,
}

/// <summary>Who is asked.</summary>
/// <param name="Name">Unique among the sources, e.g. <c>stun+udp://stun.example.net:3478</c>.</param>
/// <param name="Class">The way it is asked.</param>
/// <param name="Server">Host and port behind it: two sources of one server are one witness.</param>
internal sealed record SourceId(string Name, EvidenceClass Class, string Server);

/// <summary>What came of asking one source once.</summary>
internal abstract record Observation(SourceId Source)
{
    /// <summary>The source says that we are reachable at <paramref name="Address"/>.</summary>
    internal sealed record Seen(SourceId Source, IPAddress Address) : Observation(Source);

    /// <summary>The source said nothing that can be used. That is not a word about the address.</summary>
    internal sealed record Unavailable(SourceId Source, string Reason) : Observation(Source);
}
