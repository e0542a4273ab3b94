namespace Esddns.Operator.Dns.Wire;

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
