using System.Net;
using Esddns.Configuration;

namespace Esddns.Simulator;

/// <summary>The addresses and ports of the simulator, and its initial state. Port 0 means any free port.</summary>
internal sealed record SimulatorOptions
{
    private const string Root = "Simulator";

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
    public static SimulatorOptions Read(SettingsReader reader)
    {
        var o = new SimulatorOptions();
        o = o with
        {
            HttpPort = Port(nameof(HttpPort), o.HttpPort),
            DnsPort = Port(nameof(DnsPort), o.DnsPort),
            StunPort = Port(nameof(StunPort), o.StunPort),
            Address = Ip(nameof(Address), o.Address) ?? o.Address,
            IPv4 = Ip(nameof(IPv4), o.IPv4),
            IPv6 = Ip(nameof(IPv6), o.IPv6),
            Token = reader.Text($"{Root}:{nameof(Token)}") ?? o.Token,
        };
        reader.RejectUnknown(Root);
        return o;

        int Port(string key, int defaultValue) =>
            reader.Number($"{Root}:{key}", defaultValue, IPEndPoint.MinPort, IPEndPoint.MaxPort);

        IPAddress? Ip(string key, IPAddress? defaultValue)
        {
            var isIPv6 = key == nameof(IPv6);
            var value = reader.Value(
                $"{Root}:{key}",
                defaultValue,
                text => (Wan.WanAddresses.TryRead(text, isIPv6, out var address), address),
                isIPv6 ? "an IPv6 address" : "an IPv4 address"
            );
            return reader.IsBlank($"{Root}:{key}") ? null : value;
        }
    }
}
