using Microsoft.Extensions.Configuration;

namespace Esddns.Configuration;

/// <summary>The report of <c>--check-config</c>: labels, and what the program would do.</summary>
internal static class ConfigReport
{
    /// <summary>
    /// The addresses to listen at. Kestrel endpoints override addresses, and addresses override ports.
    /// </summary>
    public static string ListenAddresses(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).ToArray();
        return endpoints.Length > 0 ? string.Join(", ", endpoints) : configuration["urls"] ?? "the configured ports";
    }

    /// <summary>Writes the lines of a label.</summary>
    public static async Task WriteAsync(TextWriter output, string label, params string[] lines)
    {
        foreach (var line in lines)
        {
            await output.WriteLineAsync($"{label, -10}  {line}");
            label = "";
        }
    }
}
