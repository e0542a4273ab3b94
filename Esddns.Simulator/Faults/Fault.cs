using System.Net;

namespace Esddns.Simulator.Faults;

/// <summary>
/// A fault of one service. All fields are parameters, because the generated JSON reader ignores the initializers of
/// properties.
/// </summary>
/// <param name="Service"><c>livedns</c>, <c>dns</c>, <c>stun-udp</c>, <c>stun-tcp</c>, <c>echo-a</c>, <c>echo-b</c>. A
/// prefix such as <c>stun</c> or <c>echo</c> means all services with that prefix; <c>all</c> means every
/// service.</param>
/// <param name="Kind">The effect.</param>
/// <param name="Count">The number of requests that the fault affects; null for all until it is cleared.</param>
/// <param name="Method">HTTP: the method that the fault affects; null for all.</param>
/// <param name="Zone">LiveDNS: the zone whose records the fault affects; null for all requests.</param>
/// <param name="AfterApply">LiveDNS: whether the request takes effect before the fault changes the answer.</param>
/// <param name="LatencyMs">The delay of <see cref="FaultEffect.Latency"/> and <see cref="FaultEffect.LateWrite"/>, in
/// milliseconds.</param>
/// <param name="Lag">The lag of <see cref="FaultEffect.StaleRead"/>, in changes of the zone, by any client; from 1 to
/// <see cref="MaxLag"/>.</param>
/// <param name="Status">The status code of <see cref="FaultEffect.Status"/>.</param>
/// <param name="RetryAfter">The Retry-After header of <see cref="FaultEffect.Status"/>, in seconds; null for
/// none.</param>
/// <param name="Body">The body of <see cref="FaultEffect.Status"/>; null for an HTML page.</param>
/// <param name="ContentType">The content type of the body of <see cref="FaultEffect.Status"/>.</param>
/// <param name="Address">The address that <see cref="FaultEffect.WrongAddress"/> reports.</param>
/// <param name="Seconds">How long the fault lasts, in seconds; null until it is cleared.</param>
internal sealed record Fault(
    string Service,
    FaultEffect Kind,
    int? Count = null,
    string? Method = null,
    string? Zone = null,
    bool AfterApply = false,
    int LatencyMs = 0,
    int Lag = 1,
    int Status = 503,
    int? RetryAfter = null,
    string? Body = null,
    string ContentType = "text/html",
    IPAddress? Address = null,
    double? Seconds = null
)
{
    /// <summary>The number of earlier versions that a zone keeps.</summary>
    public const int MaxLag = 16;

    /// <summary>The valid values of <see cref="Service"/>.</summary>
    public static IReadOnlyList<string> KnownServices { get; } =
    ["livedns", "dns", "stun-udp", "stun-tcp", "echo-a", "echo-b", "stun", "echo", "all"];

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
