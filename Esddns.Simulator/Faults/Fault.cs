using System.Net;

namespace Esddns.Simulator.Faults;

/// <summary>A fault of one service.</summary>
/// <param name="Service"><c>livedns</c>, <c>dns</c>, <c>stun-udp</c>, <c>stun-tcp</c>, <c>echo-a</c>, <c>echo-b</c>. A
/// prefix such as <c>stun</c> or <c>echo</c> means all services with that prefix; <c>all</c> means every
/// service.</param>
/// <param name="Kind">The effect.</param>
internal sealed record Fault(string Service, FaultEffect Kind)
{
    /// <summary>The number of earlier versions that a zone keeps.</summary>
    public const int MaxLag = 16;

    /// <summary>The valid values of <see cref="Service"/>.</summary>
    public static IReadOnlyList<string> KnownServices { get; } =
    ["livedns", "dns", "stun-udp", "stun-tcp", "echo-a", "echo-b", "stun", "echo", "all"];

    /// <summary>The number of requests that the fault affects; null for all until it is cleared.</summary>
    public int? Count { get; init; }

    /// <summary>HTTP: the method that the fault affects; null for all.</summary>
    public string? Method { get; init; }

    /// <summary>LiveDNS: the zone whose records the fault affects; null for all requests.</summary>
    public string? Zone { get; init; }

    /// <summary>LiveDNS: whether the request takes effect before the fault changes the answer.</summary>
    public bool AfterApply { get; init; }

    /// <summary>
    /// The delay of <see cref="FaultEffect.Latency"/> and <see cref="FaultEffect.LateWrite"/>, in milliseconds.
    /// </summary>
    public int LatencyMs { get; init; }

    /// <summary>
    /// The lag of <see cref="FaultEffect.StaleRead"/>, in changes of the zone, by any client; from 1 to
    /// <see cref="MaxLag"/>.
    /// </summary>
    public int Lag { get; init; } = 1;

    /// <summary>The status code of <see cref="FaultEffect.Status"/>.</summary>
    public int Status { get; init; } = 503;

    /// <summary>The Retry-After header of <see cref="FaultEffect.Status"/>, in seconds; null for none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The body of <see cref="FaultEffect.Status"/>; null for an HTML page.</summary>
    public string? Body { get; init; }

    /// <summary>The content type of the body of <see cref="FaultEffect.Status"/>.</summary>
    public string ContentType { get; init; } = "text/html";

    /// <summary>The address that <see cref="FaultEffect.WrongAddress"/> reports.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Whether the fault affects this service, method and path of a request.</summary>
    public bool Affects(string service, string? method, string? path) =>
        (Service == "all" || Service == service || service.StartsWith(Service + "-", StringComparison.Ordinal))
        && (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (Zone is null || path?.Contains($"/domains/{Zone}/", StringComparison.OrdinalIgnoreCase) == true)
        && Kind switch
        {
            FaultEffect.StaleRead => method == "GET",
            FaultEffect.LostWrite or FaultEffect.LateWrite => method is not (null or "GET"),
            _ => true,
        };
}
