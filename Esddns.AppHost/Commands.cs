using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Esddns.AppHost;

/// <summary>The buttons of the dashboard. The description is the tooltip, so it begins with the name.</summary>
internal static class Commands
{
    /// <summary>Adds "Sync now" to the operator.</summary>
    public static IResourceBuilder<ProjectResource> WithSyncCommand(this IResourceBuilder<ProjectResource> project) =>
        project.WithHttpCommand(
            "/sync",
            "Sync now",
            commandName: "sync-now",
            commandOptions: new HttpCommandOptions
            {
                Method = HttpMethod.Post,
                GetCommandResult = CommandAnswers.OfSyncAsync,
                Description = "Sync now: run a round and wait for its end.",
                IconName = "ArrowSync",
                IsHighlighted = true,
            }
        );

    /// <summary>Adds the commands that change the simulated internet.</summary>
    public static IResourceBuilder<ProjectResource> WithFaultCommands(
        this IResourceBuilder<ProjectResource> simulator
    ) =>
        simulator
            .WithHttpCommand(
                "/control/wan",
                "Change WAN address",
                commandName: "change-address",
                commandOptions: ChangeAddress()
            )
            .WithHttpCommand(
                "/control/faults",
                "Fail the provider for a minute",
                commandName: "fail-provider",
                commandOptions: Post(
                    "Fail the provider for a minute: LiveDNS answers 503.",
                    "CloudError",
                    new JsonObject
                    {
                        ["service"] = "livedns",
                        ["kind"] = "status",
                        ["status"] = 503,
                        ["seconds"] = 60,
                    }
                )
            )
            .WithHttpCommand(
                "/control/faults",
                "Lie with one source",
                commandName: "lie",
                commandOptions: Post(
                    "Lie with one source: an echo service reports a wrong address for a minute.",
                    "PersonWarning",
                    new JsonObject
                    {
                        ["service"] = "echo-a",
                        ["kind"] = "wrongAddress",
                        ["address"] = "198.51.100.66",
                        ["seconds"] = 60,
                    }
                )
            )
            .WithHttpCommand(
                "/control/faults",
                "End all faults",
                commandName: "end-faults",
                commandOptions: new HttpCommandOptions
                {
                    Method = HttpMethod.Delete,
                    GetCommandResult = CommandAnswers.OfSimulatorAsync,
                    Description = "End all faults: all services answer correctly again.",
                    IconName = "CheckmarkCircle",
                }
            );

    private static HttpCommandOptions ChangeAddress() =>
        new()
        {
            Method = HttpMethod.Put,
            GetCommandResult = CommandAnswers.OfSimulatorAsync,
            Description = "Change WAN address: simulate that the provider assigns a new one.",
            IconName = "ArrowSwap",
            IsHighlighted = true,
            Arguments =
            [
                new InteractionInput
                {
                    Name = "ipv4",
                    Label = "IPv4 address",
                    InputType = InputType.Text,
                    Required = true,
                    Placeholder = "203.0.113.7",
                },
            ],
            PrepareRequest = context =>
            {
                context.Request.Content = JsonContent.Create(
                    new { ipv4 = context.Arguments.GetString("ipv4")?.Trim() }
                );
                return Task.CompletedTask;
            },
        };

    private static HttpCommandOptions Post(string description, string icon, JsonObject body) =>
        new()
        {
            Method = HttpMethod.Post,
            GetCommandResult = CommandAnswers.OfSimulatorAsync,
            Description = description,
            IconName = icon,
            PrepareRequest = context =>
            {
                context.Request.Content = JsonContent.Create(body);
                return Task.CompletedTask;
            },
        };
}
