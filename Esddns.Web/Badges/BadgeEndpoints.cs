using Esddns.Web.Api;
using Esddns.Web.Prepared;
using Esddns.Web.Status;

namespace Esddns.Web.Badges;

/// <summary>
/// <c>GET /badge/{fqdn}/{type}.svg</c> and <c>.json</c>: the state of a record as an image, and for shields.io. Other
/// sites may embed them.
/// </summary>
internal static class BadgeEndpoints
{
    /// <summary>The longest displayed name.</summary>
    private const int MaxName = 80;

    /// <summary>Maps the endpoints.</summary>
    public static void MapBadges(this IEndpointRouteBuilder routes)
    {
        routes.MapRead(
            "/badge/{fqdn}/{type}.svg",
            context => AnswerAsync(context, "svg", b => PreparedBody.Text("image/svg+xml", b.ToSvg()))
        );
        routes.MapRead("/badge/{fqdn}/{type}.json", context => AnswerAsync(context, "json", Shields));
    }

    private static async Task AnswerAsync(HttpContext context, string form, Func<Badge, PreparedBody> prepare)
    {
        var services = context.RequestServices;
        var cached = await services.GetRequiredService<StatusCache>().FirstAsync(context.RequestAborted);
        var (fqdn, type) = RecordQuery.OfRoute(context.Request.RouteValues);
        var record = cached.Status is { } status ? RecordQuery.Find(status, fqdn, type) : null;
        var name = record is null ? "esddns" : $"{record.Fqdn} {record.RecordType}";
        var badge = Badge.Of(record, cached.IsStale, name.Length > MaxName ? $"{name[..MaxName]}…" : name);
        context.Response.Headers.AccessControlAllowOrigin = "*";
        await services
            .GetRequiredService<PreparedBodies>()
            .AnswerAsync(context, cached, $"/badge/{name}.{form}", () => prepare(badge));
    }

    private static PreparedBody Shields(Badge badge) =>
        PreparedBody.Json(new ShieldsBadge(1, badge.Label, badge.Message, badge.Color), BadgeJson.Default.ShieldsBadge);
}
