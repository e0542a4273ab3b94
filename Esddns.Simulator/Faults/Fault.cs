using System.Net;

namespace Esddns.Simulator.Faults;

/// <summary>What goes wrong.</summary>
internal enum FaultEffect
{
    /// <summary>The answer takes <see cref="Fault.LatencyMs"/> longer.</summary>
    Latency,

    /// <summary>HTTP: this status and body instead.</summary>
    Status,

    /// <summary>HTTP: the connection ends in the middle of the body. Datagrams: half of the answer.</summary>
    Truncate,

    /// <summary>The connection is reset; a datagram gets no answer.</summary>
    Reset,

    /// <summary>STUN and echo: <see cref="Fault.Address"/> instead of the WAN address.</summary>
    WrongAddress,

    /// <summary>No answer, ever.</summary>
    Silence,

    /// <summary>
    /// LiveDNS: a read is answered by a replica that is <see cref="Fault.Lag"/> changes of the zone behind.
    /// </summary>
    StaleRead,

    /// <summary>LiveDNS: a write is checked and acknowledged as always, but not stored.</summary>
    LostWrite,

    /// <summary>
    /// LiveDNS: a write is stored and answered after <see cref="Fault.LatencyMs"/>, even when the client has left by
    /// then.
    /// </summary>
    LateWrite,
}

/// <summary>A fault of one service.</summary>
/// <param name="Service"><c>livedns</c>, <c>dns</c>, <c>stun-udp</c>, <c>stun-tcp</c>, <c>echo-a</c>, <c>echo-b</c>; a
/// beginning like <c>stun</c> or <c>echo</c> means all of them, <c>all</c> everything.</param>
/// <param name="Kind">What goes wrong.</param>
internal sealed record Fault(string Service, FaultEffect Kind)
{
    /// <summary>How many earlier versions a zone remembers.</summary>
    public const int MaxLag = 16;

    /// <summary>The names that <see cref="Service"/> may have.</summary>
    public static IReadOnlyList<string> Services { get; } =
    ["livedns", "dns", "stun-udp", "stun-tcp", "echo-a", "echo-b", "stun", "echo", "all"];

    /// <summary>How many requests it hits; null until it is cleared.</summary>
    public int? Count { get; init; }

    /// <summary>HTTP: only this method.</summary>
    public string? Method { get; init; }

    /// <summary>LiveDNS: the request takes effect first, and only the answer goes wrong.</summary>
    public bool AfterApply { get; init; }

    /// <summary>
    /// For <see cref="FaultEffect.Latency"/> and <see cref="FaultEffect.LateWrite"/>, in milliseconds.
    /// </summary>
    public int LatencyMs { get; init; }

    /// <summary>
    /// For <see cref="FaultEffect.StaleRead"/>, in changes of the zone, whoever made them; at most
    /// <see cref="MaxLag"/>.
    /// </summary>
    public int Lag { get; init; } = 1;

    /// <summary>For <see cref="FaultEffect.Status"/>.</summary>
    public int Status { get; init; } = 503;

    /// <summary>For <see cref="FaultEffect.Status"/>: the header Retry-After, in seconds.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>For <see cref="FaultEffect.Status"/>: the body.</summary>
    public string? Body { get; init; }

    /// <summary>For <see cref="FaultEffect.Status"/>: what the body is.</summary>
    public string ContentType { get; init; } = "text/html";

    /// <summary>For <see cref="FaultEffect.WrongAddress"/>.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Whether it concerns this service and method.</summary>
    public bool Hits(string service, string? method) =>
        (Service == "all" || Service == service || service.StartsWith(Service + "-", StringComparison.Ordinal))
        && (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && Kind switch
        {
            FaultEffect.StaleRead => method == "GET",
            FaultEffect.LostWrite or FaultEffect.LateWrite => method is not (null or "GET"),
            _ => true,
        };
}
