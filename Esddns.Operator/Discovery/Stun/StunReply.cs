using System.Net;

namespace Esddns.Operator.Discovery.Stun;

/// <summary>The response of a STUN server.</summary>
internal abstract record StunReply
{
    /// <summary>The reflexive transport address of this host.</summary>
    internal sealed record Mapped(IPEndPoint Endpoint) : StunReply;

    /// <summary>An error response (RFC 8489 section 14.8), e.g. 420.</summary>
    internal sealed record Error(int Code, string Reason) : StunReply;
}
