namespace Esddns.Simulator.Dns;

/// <summary>The response codes of RFC 1035 section 4.1.1 that the simulator uses.</summary>
internal enum DnsCode
{
    NoError = 0,
    FormErr = 1,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
}
