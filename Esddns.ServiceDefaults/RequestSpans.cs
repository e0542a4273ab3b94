using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;

namespace Esddns.Telemetry;

/// <summary>
/// The spans of HTTP requests: with the names and tags of OpenTelemetry, without those of probes and scrapes, and
/// without errors that are expected.
/// </summary>
internal sealed class RequestSpans : BaseProcessor<Activity>
{
    private static readonly string[] s_probes = ["/alive", "/health", "/metrics"];

    /// <summary>Adds the tags of OpenTelemetry to spans of received requests. .NET 10 needs a switch.</summary>
    public static void AddTags() =>
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

    /// <summary>Names spans of received requests (<c>GET /status</c>), and drops those of probes and scrapes.</summary>
    public static void NameByRoute(WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
                if (span is not null && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
                {
                    span.DisplayName = $"{context.Request.Method} {route}";
                    span.SetTag("http.route", route);
                    if (s_probes.Contains(route))
                        Drop(span);
                }

                return next(context);
            }
        );

    /// <summary>
    /// Names the span of a sent request by its host (<c>PUT api.gandi.net</c>). A record that does not exist yet is no
    /// error: the DNS provider answers 404.
    /// </summary>
    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Client && data.GetTagItem("server.address") is string host)
            data.DisplayName = $"{data.GetTagItem("http.request.method")} {host}";
        if (data.Status == ActivityStatusCode.Error && data.GetTagItem("http.response.status_code") is 404)
        {
            data.SetStatus(ActivityStatusCode.Unset);
            data.SetTag("error.type", null);
        }
    }

    private static void Drop(Activity span)
    {
        span.IsAllDataRequested = false;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
