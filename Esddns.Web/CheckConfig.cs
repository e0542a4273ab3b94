using System.Globalization;
using Esddns.Configuration;
using Esddns.Web.Access;

namespace Esddns.Web;

/// <summary>
/// Prints what the web service would do with this configuration (<c>--check-config</c>), without secrets.
/// </summary>
internal static class CheckConfig
{
    /// <summary>Prints the report.</summary>
    /// <returns>0. An invalid configuration is reported earlier.</returns>
    public static async Task<int> WriteAsync(IServiceProvider services, TextWriter output)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var access = services.GetRequiredService<AccessOptions>();
        var @operator = configuration.GetSection(WebApp.OperatorService).AsEnumerable().Select(s => s.Value);
        await output.WriteLineAsync("The configuration is valid.");
        await ConfigReport.WriteAsync(output, "page", ConfigReport.ListenAddresses(configuration));
        await ConfigReport.WriteAsync(output, "operator", string.Join(", ", @operator.OfType<string>()));
        await ConfigReport.WriteAsync(output, "reading", Reading(access));
        await ConfigReport.WriteAsync(
            output,
            "streams",
            string.Create(CultureInfo.InvariantCulture, $"at most {access.MaxStreams}")
        );
        return 0;
    }

    private static string Reading(AccessOptions access)
    {
        if (!access.IsReadingClosed)
            return "open";
        string?[] credentials =
        [
            access.Token is null ? null : "a token",
            access.Passwords is null ? null : "a password",
            access.ProxyHeader is null ? null : $"the header {access.ProxyHeader} of a trusted proxy",
        ];
        return $"closed; needs {string.Join(", or ", credentials.OfType<string>())}";
    }
}
