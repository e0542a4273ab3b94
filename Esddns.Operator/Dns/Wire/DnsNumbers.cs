namespace Esddns.Operator.Dns.Wire;

/// <summary>Record types (IANA DNS parameters).</summary>
internal enum DnsType : ushort
{
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    TXT = 16,
    AAAA = 28,
    DNAME = 39,
    OPT = 41,
    TSIG = 250,
}

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

/// <summary>Response codes of RFC 1035, RFC 2136 and RFC 6891.</summary>
internal enum DnsCode
{
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    YxDomain = 6,
    YxRRset = 7,
    NxRRset = 8,
    NotAuth = 9,
    NotZone = 10,
    BadVers = 16,
}
