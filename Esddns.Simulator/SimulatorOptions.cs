using System.Net;

namespace Esddns.Simulator;

/// <summary>Where the simulator listens, and how its world begins. Port 0 takes any free one.</summary>
internal sealed record SimulatorOptions
{
    /// <summary>
    /// Where it listens; on loopback, IPv6 is served as well. Another address is for network namespaces of one's own.
    /// </summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>LiveDNS, echo services and control.</summary>
    public int HttpPort { get; init; } = 5380;

    /// <summary>Authoritative DNS, UDP and TCP.</summary>
    public int DnsPort { get; init; } = 5300;

    /// <summary>STUN, UDP and TCP.</summary>
    public int StunPort { get; init; } = 3478;

    /// <summary>The WAN address at the start; null for none.</summary>
    public IPAddress? IPv4 { get; init; } = IPAddress.Parse("203.0.113.10");

    /// <summary>The same for IPv6.</summary>
    public IPAddress? IPv6 { get; init; } = IPAddress.Parse("2001:db8::10");

    /// <summary>The token of the first account.</summary>
    public string Token { get; init; } = "simulator-token";

    /// <summary>Requests a minute from one source, before 429.</summary>
    public int RequestsPerMinute { get; init; } = 1000;

    /// <summary>Whether a 429 says when to come back.</summary>
    public bool SendsRetryAfter { get; init; } = true;

    /// <summary>Reads the section <c>Simulator</c>; every mistake is one line.</summary>
    public static (SimulatorOptions Options, IReadOnlyList<string> Errors) Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Simulator");
        var errors = new List<string>();
        var o = new SimulatorOptions();
        o = o with
        {
            HttpPort = Port(nameof(HttpPort), o.HttpPort),
            DnsPort = Port(nameof(DnsPort), o.DnsPort),
            StunPort = Port(nameof(StunPort), o.StunPort),
            Address = Ip(nameof(Address), o.Address) ?? o.Address,
            IPv4 = Ip(nameof(IPv4), o.IPv4),
            IPv6 = Ip(nameof(IPv6), o.IPv6),
            Token = section[nameof(Token)] ?? o.Token,
        };
        return (o, errors);

        int Port(string key, int otherwise)
        {
            if (section[key] is not { } text)
                return otherwise;
            if (ushort.TryParse(text, out var port))
                return port;
            errors.Add($"Simulator:{key}: '{text}' is not a port; use a number from 0 (any free one) to 65535.");
            return otherwise;
        }

        IPAddress? Ip(string key, IPAddress? otherwise)
        {
            if (section[key] is not { } text)
                return otherwise;
            if (text.Length == 0)
                return null;
            if (Wan.WanAddresses.TryRead(text, key == nameof(IPv6), out var address))
                return address;
            errors.Add($"Simulator:{key}: '{text}' is not an {(key == nameof(IPv6) ? "IPv6" : "IPv4")} address.");
            return otherwise;
        }
    }
}
