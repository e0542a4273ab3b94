using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Esddns.Simulator.Faults;

namespace Esddns.Simulator.LiveDns;

/// <summary>The LiveDNS API, as observed by clients (<see href="https://api.gandi.net/docs/livedns/"/>).</summary>
internal static class LiveDnsApi
{
    /// <summary>The base path of the API.</summary>
    public const string Path = "/v5/livedns";

    private const int DefaultTtl = 10_800;
    private const int DefaultPage = 100;

    /// <summary>Maps the endpoints of the API.</summary>
    public static void MapLiveDns(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Path);
        api.MapGet("/domains", (HttpContext c) => WithWorld(c, a => Page(c, a.Zones.Select(z => Describe(c, z)))));
        api.MapGet(
            "/domains/{fqdn}",
            (HttpContext c, string fqdn) => WithZone(c, fqdn, z => LiveDnsErrors.Json(200, Describe(c, z)))
        );
        api.MapGet(
            "/domains/{fqdn}/nameservers",
            (HttpContext c, string fqdn) => WithZone(c, fqdn, z => LiveDnsErrors.Json(200, List(z.NameServers)))
        );
        api.MapGet(
            "/domains/{fqdn}/records",
            (HttpContext c, string fqdn) => WithZone(c, fqdn, z => Page(c, z.RRsets.Select(r => Describe(c, z, r))))
        );
        api.MapGet(
            "/domains/{fqdn}/records/{name}",
            (HttpContext c, string fqdn, string name) =>
                WithZone(
                    c,
                    fqdn,
                    z =>
                        z.RRsets.Where(r => r.Name == name).ToArray() is { Length: > 0 } found
                            ? Page(c, found.Select(r => Describe(c, z, r)))
                            : LiveDnsErrors.NoSuchRecord()
                )
        );
        api.MapGet(
            "/domains/{fqdn}/records/{name}/{type}",
            (HttpContext c, string fqdn, string name, string type) =>
                WithZone(
                    c,
                    fqdn,
                    z =>
                        z.Find(name, type) is { } found
                            ? LiveDnsErrors.Json(200, Describe(c, z, found))
                            : LiveDnsErrors.NoSuchRecord()
                )
        );

        api.MapPut(
            "/domains/{fqdn}/records",
            (HttpContext c, string fqdn, JsonNode body) => WithZone(c, fqdn, z => PutAll(c, z, null, body))
        );
        api.MapPut(
            "/domains/{fqdn}/records/{name}",
            (HttpContext c, string fqdn, string name, JsonNode body) => WithZone(c, fqdn, z => PutAll(c, z, name, body))
        );
        api.MapPut(
            "/domains/{fqdn}/records/{name}/{type}",
            (HttpContext c, string fqdn, string name, string type, JsonNode body) =>
                WithZone(c, fqdn, z => Put(c, z, name, type, body))
        );
        api.MapPost(
            "/domains/{fqdn}/records/{name}/{type}",
            (HttpContext c, string fqdn, string name, string type, JsonNode body) =>
                WithZone(
                    c,
                    fqdn,
                    z => z.FindAnyCase(name, type) is null ? Put(c, z, name, type, body) : LiveDnsErrors.Exists()
                )
        );
        api.MapDelete(
            "/domains/{fqdn}/records/{name}/{type}",
            (HttpContext c, string fqdn, string name, string type) =>
                WithZone(
                    c,
                    fqdn,
                    z =>
                        z.Remove(r => r.Name == name && r.Type == type) > 0
                            ? Results.NoContent()
                            : LiveDnsErrors.NoSuchRecord()
                )
        );
        api.MapDelete(
            "/domains/{fqdn}/records/{name}",
            (HttpContext c, string fqdn, string name) =>
                WithZone(
                    c,
                    fqdn,
                    z => z.Remove(r => r.Name == name) > 0 ? Results.NoContent() : LiveDnsErrors.NoSuchRecord()
                )
        );
    }

    private static IResult WithWorld(HttpContext context, Func<SimAccount, IResult> answer)
    {
        lock (context.RequestServices.GetRequiredService<LiveDnsWorld>().Gate)
            return answer((SimAccount)context.Items[LiveDnsMiddleware.Account]!);
    }

    /// <summary>
    /// Answers for a zone of the account. A zone of another account gets the same error as one that does not exist.
    /// </summary>
    private static IResult WithZone(HttpContext context, string fqdn, Func<SimZone, IResult> answer) =>
        WithWorld(
            context,
            account =>
                account.Zones.Find(z => z.Fqdn.Equals(fqdn, StringComparison.OrdinalIgnoreCase)) is { } zone
                    ? answer(
                        context.Items[HttpFaults.Item] switch
                        {
                            Fault { Kind: FaultEffect.StaleRead } stale => zone.AsOf(stale.Lag),
                            Fault { Kind: FaultEffect.LostWrite } => zone.AsOf(0),
                            _ => zone,
                        }
                    )
                    : LiveDnsErrors.NoSuchZone()
        );

    private static IResult Put(HttpContext context, SimZone zone, string name, string type, JsonNode body)
    {
        if (Read(name, type, body, out var rrset) is { } invalid)
            return invalid;
        if (zone.FindAnyCase(name, type) is { } stored && stored.Name != name)
            return LiveDnsErrors.Invalid("rrset_name", $"a record exists as '{stored.Name}'");
        if (Clash(zone, rrset) is { } clash)
            return clash;
        zone.Put(rrset);
        context.Response.Headers.Location = Href(context, zone, rrset);
        return LiveDnsErrors.Json(201, new JsonObject { ["message"] = "DNS Record Created" });
    }

    /// <summary>Replaces all RRsets of a name, or of the whole zone, by those in the request.</summary>
    private static IResult PutAll(HttpContext context, SimZone zone, string? name, JsonNode body)
    {
        if (body["items"] is not JsonArray items)
            return LiveDnsErrors.Invalid("items", "Missing data for required field.");
        var all = new List<SimRRset>();
        foreach (var item in items)
        {
            if (
                Read(
                    name ?? item!["rrset_name"]?.GetValue<string>() ?? "@",
                    item!["rrset_type"]?.GetValue<string>() ?? "",
                    item,
                    out var rrset
                ) is
                { } invalid
            )
                return invalid;
            all.Add(rrset);
        }

        zone.RRsets = [.. zone.RRsets.Where(r => name is not null && r.Name != name), .. all];
        return LiveDnsErrors.Json(201, new JsonObject { ["message"] = "DNS Record Created" });
    }

    private static IResult? Read(string name, string type, JsonNode body, out SimRRset rrset)
    {
        rrset = new SimRRset(name, type, DefaultTtl, []);
        if (body["rrset_ttl"] is { } ttl)
        {
            if (ttl.GetValueKind() != JsonValueKind.Number)
                return LiveDnsErrors.Invalid("rrset_ttl", $"{ttl.ToJsonString()} is not of type integer");
            rrset = rrset with { Ttl = ttl.GetValue<int>() };
        }

        if (rrset.Ttl < 300)
            return LiveDnsErrors.Invalid("rrset_ttl", $"{rrset.Ttl} is less than minimum value 300");
        if (rrset.Ttl > 2_592_000)
            return LiveDnsErrors.Invalid("rrset_ttl", $"{rrset.Ttl} is greater than maximum value 2592000");
        if (body["rrset_values"] is not JsonArray { Count: > 0 } values)
            return LiveDnsErrors.Invalid("rrset_values", "Missing data for required field.");
        rrset = rrset with { Values = [.. values.Select(v => v?.GetValue<string>() ?? "").Distinct()] };
        var family = type switch
        {
            "A" => AddressFamily.InterNetwork,
            "AAAA" => AddressFamily.InterNetworkV6,
            _ => (AddressFamily?)null,
        };
        var wrong = rrset.Values.FirstOrDefault(v =>
            family is not null && (!IPAddress.TryParse(v, out var a) || a.AddressFamily != family)
        );
        return wrong is null ? null : LiveDnsErrors.Invalid("rrset_values", $"'{wrong}' is not a valid {type} value");
    }

    /// <summary>Rejects a CNAME beside other records of the same name (RFC 1034 section 3.6.2).</summary>
    private static IResult? Clash(SimZone zone, SimRRset rrset) =>
        zone.RRsets.Any(r =>
            r.Name == rrset.Name && r.Type != rrset.Type && (r.Type == "CNAME" || rrset.Type == "CNAME")
        )
            ? LiveDnsErrors.Invalid("rrset_type", "A CNAME record cannot coexist with other records of the same name")
            : null;

    private static IResult Page(HttpContext context, IEnumerable<JsonObject> all)
    {
        var items = all.ToArray();
        var page = int.TryParse(context.Request.Query["page"], out var p) && p > 0 ? p : 1;
        var perPage = int.TryParse(context.Request.Query["per_page"], out var n) && n > 0 ? n : DefaultPage;
        context.Response.Headers["total-count"] = items.Length.ToString(
            System.Globalization.CultureInfo.InvariantCulture
        );
        if (page * perPage < items.Length)
            context.Response.Headers.Link =
                $"<{Base(context)}{context.Request.Path}?page={page + 1}&per_page={perPage}>; rel=\"next\"";
        return LiveDnsErrors.Json(200, new JsonArray([.. items.Skip((page - 1) * perPage).Take(perPage)]));
    }

    private static string Base(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    private static string Href(HttpContext context, SimZone zone, SimRRset rrset) =>
        $"{Base(context)}{Path}/domains/{zone.Fqdn}/records/{Uri.EscapeDataString(rrset.Name)}/{rrset.Type}";

    private static JsonObject Describe(HttpContext context, SimZone zone) =>
        new()
        {
            ["fqdn"] = zone.Fqdn,
            ["domain_href"] = $"{Base(context)}{Path}/domains/{zone.Fqdn}",
            ["domain_records_href"] = $"{Base(context)}{Path}/domains/{zone.Fqdn}/records",
        };

    private static JsonObject Describe(HttpContext context, SimZone zone, SimRRset rrset) =>
        new()
        {
            ["rrset_type"] = rrset.Type,
            ["rrset_ttl"] = rrset.Ttl,
            ["rrset_name"] = rrset.Name,
            ["rrset_href"] = Href(context, zone, rrset),
            ["rrset_values"] = List(rrset.Values),
        };

    private static JsonArray List(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);
}
