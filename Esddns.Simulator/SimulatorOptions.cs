using System.Net;

namespace Esddns.Simulator;

/// <summary>The addresses and ports of the simulator, and its initial state. Port 0 means any free port.</summary>
internal sealed record SimulatorOptions
{
    /// <summary>
    /// The listening address; default 127.0.0.1, which also serves ::1. Other addresses are for network namespaces.
    /// </summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The HTTP port of LiveDNS, echo services and control.</summary>
    public int HttpPort { get; init; } = 5380;

    /// <summary>The DNS port, for UDP and TCP.</summary>
    public int DnsPort { get; init; } = 5300;

    /// <summary>The STUN port, for UDP and TCP.</summary>
    public int StunPort { get; init; } = 3478;

    /// <summary>The initial IPv4 WAN address; null for none.</summary>
    public IPAddress? IPv4 { get; init; } = IPAddress.Parse("203.0.113.10");

    /// <summary>The initial IPv6 WAN address; null for none.</summary>
    public IPAddress? IPv6 { get; init; } = IPAddress.Parse("2001:db8::10");

    /// <summary>The token of the first account.</summary>
    public string Token { get; init; } = "simulator-token";

    /// <summary>The number of requests that one source can send in a minute. Further requests get status 429.</summary>
    public int RequestsPerMinute { get; init; } = 1000;

    /// <summary>Whether a 429 response has a Retry-After header.</summary>
    public bool SendsRetryAfter { get; init; } = true;

    /// <summary>Reads the section <c>Simulator</c>. Each invalid setting adds one line to the errors.</summary>
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

        int Port(string key, int defaultValue)
        {
            if (section[key] is not { } text)
                return defaultValue;
            if (ushort.TryParse(text, out var port))
                return port;
            errors.Add($"Simulator:{key}: '{text}' is not a port; use 0 (any free port) to 65535.");
            return defaultValue;
        }

        IPAddress? Ip(string key, IPAddress? defaultValue)
        {
            if (section[key] is not { } text)
                return defaultValue;
            if (text.Length == 0)
                return null;
            if (Wan.WanAddresses.TryRead(text, key == nameof(IPv6), out var address))
                return address;
            var family = key == nameof(IPv6) ? "IPv6" : "IPv4";
            errors.Add($"Simulator:{key}: '{text}' is not an {family} address.");
            return defaultValue;
        }
    }
}
