using System.Text.Json;
using System.Text.Json.Nodes;

namespace Esddns.AppHost;

/// <summary>What the dashboard says after a command: done, or why not.</summary>
internal static class CommandAnswers
{
    /// <summary>The answer of the simulator: its line says what was wrong.</summary>
    public static async Task<ExecuteCommandResult> OfSimulatorAsync(HttpCommandResultContext context)
    {
        var text = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
        return context.Response.IsSuccessStatusCode
            ? CommandResults.Success()
            : CommandResults.Failure(text.StartsWith('"') ? JsonSerializer.Deserialize<string>(text)! : text.Trim());
    }

    /// <summary>The answer of the operator: its status after the round, or problem details (RFC 9457).</summary>
    public static async Task<ExecuteCommandResult> OfSyncAsync(HttpCommandResultContext context)
    {
        var text = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
        if (!context.Response.IsSuccessStatusCode)
            return CommandResults.Failure((string?)JsonNode.Parse(text)?["detail"] ?? text);
        var records = JsonNode.Parse(text)?["records"]?.AsArray() ?? [];
        string[] late = [.. records.Where(r => (bool?)r?["inSync"] != true).Select(Describe)];
        return late.Length == 0 ? CommandResults.Success() : CommandResults.Failure(string.Join("; ", late));
    }

    private static string Describe(JsonNode? record)
    {
        var reason = record?["lastError"]?["message"] ?? record?["preserved"]?["reason"];
        return $"{record?["fqdn"]} {record?["type"]} is not in sync: {reason ?? "not known yet"}";
    }
}
