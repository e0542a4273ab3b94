using System.Globalization;
using System.Text;
using Esddns.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Writes one line for the overall status and one for each check. Kubernetes shows them in the event of a failed probe.
/// </summary>
internal static class HealthReportWriter
{
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{report.Status}\n");
        foreach (var (name, entry) in report.Entries)
        {
            var reason = entry.Description is null ? "" : $": {UntrustedText.Clean(entry.Description)}";
            text.Append(CultureInfo.InvariantCulture, $"{name}: {entry.Status}{reason}\n");
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }
}
