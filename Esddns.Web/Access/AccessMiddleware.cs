using Esddns.Web.Sync;
using Microsoft.Extensions.Primitives;

namespace Esddns.Web.Access;

/// <summary>Applies to all requests: the headers of the response, and who may read.</summary>
internal static class AccessMiddleware
{
    private static readonly StringValues s_policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly StringValues s_permissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

    /// <summary>Adds the services.</summary>
    public static void AddAccess(this IServiceCollection services, AccessOptions options) =>
        services.AddSingleton(options).AddSingleton<FailedAttempts>().AddSingleton<Authentication>();

    /// <summary>Adds the headers that limit what browsers do with a response. By default it is not cached.</summary>
    public static void UseResponseHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var headers = context.Response.Headers;
                headers.ContentSecurityPolicy = s_policy;
                headers.XContentTypeOptions = "nosniff";
                headers.CacheControl = "no-store";
                headers["Referrer-Policy"] = "no-referrer";
                headers["Permissions-Policy"] = s_permissions;
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                // Other sites show badges.
                headers["Cross-Origin-Resource-Policy"] = context.Request.Path.StartsWithSegments("/badge")
                    ? "cross-origin"
                    : "same-origin";
                return next(context);
            }
        );

    /// <summary>
    /// If reading is closed, refuses visitors without credentials. Probes and Prometheus have none; what they read
    /// contains no names and no addresses. <c>POST /api/v1/sync</c> has its own rule.
    /// </summary>
    public static void UseReadAccess(this IApplicationBuilder app)
    {
        if (!app.ApplicationServices.GetRequiredService<AccessOptions>().IsReadingClosed)
            return;
        var authentication = app.ApplicationServices.GetRequiredService<Authentication>();
        app.Use(
            (context, next) =>
                IsOpen(context.Request.Path) || authentication.Of(context).IsKnown
                    ? next(context)
                    : authentication.Refuse(context).ExecuteAsync(context)
        );
    }

    private static bool IsOpen(PathString path) =>
        path.Value is "/alive" or "/health" or "/metrics" or SyncEndpoint.Path;
}
