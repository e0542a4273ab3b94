namespace Esddns.Simulator.Dns;

/// <summary>Record types by number.</summary>
internal static class DnsType
{
    public const ushort A = 1;
    public const ushort NS = 2;
    public const ushort CNAME = 5;
    public const ushort SOA = 6;
    public const ushort MX = 15;
    public const ushort TXT = 16;
    public const ushort AAAA = 28;
    public const ushort OPT = 41;

    /// <summary>The number of a type that a zone can hold; null for other types.</summary>
    public static ushort? Of(string name) =>
        name switch
        {
            "A" => A,
            "NS" => NS,
            "CNAME" => CNAME,
            "MX" => MX,
            "TXT" => TXT,
            "AAAA" => AAAA,
            _ => null,
        };
}
