namespace Esddns.Operator.Dns.Wire;

/// <summary>Classes.</summary>
internal enum DnsClass : ushort
{
    /// <summary>The internet.</summary>
    IN = 1,

    /// <summary>Chaosnet, used for queries about the server itself.</summary>
    CH = 3,

    /// <summary>In dynamic updates: does not exist (RFC 2136 section 1.3).</summary>
    NONE = 254,

    /// <summary>In dynamic updates and TSIG: any.</summary>
    ANY = 255,
}
