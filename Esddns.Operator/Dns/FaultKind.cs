namespace Esddns.Operator.Dns;

/// <summary>The class of a fault, by what resolves it.</summary>
internal enum FaultKind
{
    /// <summary>A retry resolves it.</summary>
    Transient,

    /// <summary>A person must correct the credentials or the zone.</summary>
    Persistent,

    /// <summary>The DNS provider rejects the content of the request; the same request fails again.</summary>
    Definitive,
}
