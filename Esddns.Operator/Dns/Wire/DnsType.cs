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
