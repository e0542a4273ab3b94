namespace Esddns.Operator.Dns.Authoritative;

/// <summary>The kind of response of a name server.</summary>
internal enum ServerAnswerKind
{
    /// <summary>
    /// No usable response: no answer, a failure, or an unreadable message. The served records are not known.
    /// </summary>
    Unknown,

    /// <summary>The records of the zone at the name; empty when it has none.</summary>
    Records,

    /// <summary>The name is an alias of another name.</summary>
    Alias,

    /// <summary>The name belongs to another zone: a delegated one, or another zone of the same server.</summary>
    OtherZone,

    /// <summary>The server is not authoritative for the zone.</summary>
    NotResponsible,
}
