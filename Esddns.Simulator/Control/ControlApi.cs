using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Esddns.Simulator.Faults;
using Esddns.Simulator.LiveDns;
using Esddns.Simulator.Wan;

namespace Esddns.Simulator.Control;

/// <summary>The endpoints below <c>/control</c> that change the simulated internet.</summary>
internal static class ControlApi
{
    /// <summary>Maps the control endpoints.</summary>
    public static void MapControl(this IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/control");
        control.MapGet("/wan", (WanAddresses wan) => Describe(wan));
        control.MapPut("/wan", (WanAddresses wan, JsonNode body) => SetWan(wan, body));
        control.MapGet(
            "/requests",
            (RequestLog log, string? method, long since = 0) =>
                Results.Json(
                    log.All.Where(r => r.Sequence > since && (method is null || r.Method == method)),
                    SimulatorJson.Default.IEnumerableLoggedRequest
                )
        );
        control.MapGet(
            "/faults",
            (FaultBoard board) => Results.Json(board.Active, SimulatorJson.Default.IReadOnlyListFault)
        );
        control.MapPost("/faults", (FaultBoard board, JsonNode body) => AddFault(board, body));
        control.MapDelete("/faults", (FaultBoard board) => board.Clear());
        control.MapGet(
            "/zones/{fqdn}",
            (LiveDnsWorld world, string fqdn) =>
                world.Has(fqdn)
                    ? Results.Json(world.Snapshot(fqdn), SimulatorJson.Default.ImmutableArraySimRRset)
                    : Results.NotFound($"No zone '{fqdn}'.")
        );
        control.MapPut("/zones/{fqdn}", RestoreZone);
        control.MapPost(
            "/reset",
            (FaultBoard board, RequestLog log, LiveDnsWorld world, WanAddresses wan, SimulatorOptions options) =>
            {
                board.Clear();
                log.Clear();
                world.Reset();
                (wan.IPv4, wan.IPv6) = (options.IPv4, options.IPv6);
            }
        );
    }

    /// <summary>
    /// Sets the WAN addresses, as in <c>{"ipv4": "203.0.113.7", "ipv6": ""}</c>. A missing field keeps its address; an
    /// empty one removes it.
    /// </summary>
    private static IResult SetWan(WanAddresses wan, JsonNode body)
    {
        if (body is not JsonObject fields || fields.Any(f => f.Key is not ("ipv4" or "ipv6")))
            return Results.BadRequest(
                "Send {\"ipv4\": \"…\", \"ipv6\": \"…\"}; a missing field changes nothing, an empty one clears it."
            );
        var next = new Dictionary<string, IPAddress?>();
        foreach (var (key, value) in fields)
        {
            if (value is null)
                continue;
            var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
            IPAddress? address = null;
            if (text.Length > 0 && !WanAddresses.TryRead(text, key == "ipv6", out address))
                return Results.BadRequest($"{key}: '{text}' is not an address of this family.");
            next[key] = address;
        }

        if (next.TryGetValue("ipv4", out var v4))
            wan.IPv4 = v4;
        if (next.TryGetValue("ipv6", out var v6))
            wan.IPv6 = v6;
        return Describe(wan);
    }

    private static IResult AddFault(FaultBoard board, JsonNode body)
    {
        try
        {
            var fault = body.Deserialize(SimulatorJson.Default.Fault)!;
            var services = string.Join(", ", Fault.KnownServices);
            if (!Fault.KnownServices.Contains(fault.Service))
                return Results.BadRequest($"service: use one of {services}.");
            if (fault.Lag is < 1 or > Fault.MaxLag)
                return Results.BadRequest($"lag: {fault.Lag} is out of range; use 1 to {Fault.MaxLag}.");
            if (fault is { Kind: FaultEffect.WrongAddress, Address: null })
                return Results.BadRequest("address: missing; set it to the address to report.");
            if (fault.Seconds is <= 0 or > 86400)
                return Results.BadRequest($"seconds: {fault.Seconds} is out of range; use more than 0, up to 86400.");
            board.Add(fault);
            return Results.Json(board.Active, SimulatorJson.Default.IReadOnlyListFault);
        }
        catch (JsonException e)
        {
            return Results.BadRequest($"Cannot read the fault: {e.Message}");
        }
    }

    /// <summary>Replaces the RRsets of a zone by the body, in the format that GET returns.</summary>
    private static IResult RestoreZone(LiveDnsWorld world, string fqdn, JsonNode body)
    {
        if (!world.Has(fqdn))
            return Results.NotFound($"No zone '{fqdn}'.");
        try
        {
            world.Restore(fqdn, body.Deserialize(SimulatorJson.Default.ImmutableArraySimRRset));
            return Results.NoContent();
        }
        catch (JsonException e)
        {
            return Results.BadRequest($"Cannot read the list of RRsets: {e.Message}");
        }
    }

    private static IResult Describe(WanAddresses wan) =>
        Results.Json(
            new JsonObject { ["ipv4"] = wan.IPv4?.ToString(), ["ipv6"] = wan.IPv6?.ToString() },
            SimulatorJson.Compact.JsonNode
        );
}
