namespace Esddns.Operator.Discovery;

/// <summary>
/// The protocol by which evidence was obtained. One fault or attack can affect all sources of one class.
/// </summary>
internal enum EvidenceClass
{
    /// <summary>The reflexive transport address from a STUN server (RFC 8489).</summary>
    Stun,

    /// <summary>The response of an echo service over HTTPS or HTTP.</summary>
    Https,

    /// <summary>The response of a name server that returns the address of its client.</summary>
    Dns,

    /// <summary>An address of an interface of the host.</summary>
    Interface,
}

/// <summary>
/// The level of trust in evidence. An attacker who can forge one source of a class can forge all of them.
/// </summary>
internal enum TrustClass
{
    /// <summary>
    /// STUN and DNS: the response does not authenticate the server. An attacker on the path, or the owner of the
    /// resolver, can forge both.
    /// </summary>
    Unauthenticated,

    /// <summary>Echo services over HTTP or HTTPS. Only HTTPS authenticates the server.</summary>
    Echo,

    /// <summary>The interfaces of the host.</summary>
    Interface,
}

/// <summary>Conversions of <see cref="EvidenceClass"/>.</summary>
internal static class EvidenceClassExtensions
{
    /// <summary>The trust class of an evidence class.</summary>
    public static TrustClass Trust(this EvidenceClass @class) =>
        @class switch
        {
            EvidenceClass.Interface => TrustClass.Interface,
            EvidenceClass.Https => TrustClass.Echo,
            _ => TrustClass.Unauthenticated,
        };
}
