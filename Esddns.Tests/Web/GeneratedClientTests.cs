using Esddns.Tests.Support;

namespace Esddns.Tests.Web;

/// <summary>A client that another program generates from the OpenAPI document.</summary>
public sealed class GeneratedClientTests
{
    [Fact]
    public async Task TypeScriptClient_Compiles_AndReadsTheState()
    {
        Tool.Require("npm", "npm");
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        await using var web = await WebRun.StartAsync(@operator.Url);
        var (exitCode, output) = await Tool.RunAsync(
            Path.Combine(Repository.Root, "eng", "api-client.sh"),
            [web.Url.ToString().TrimEnd('/')]
        );
        Assert.True(exitCode == 0, output);
        Assert.StartsWith("home.example.com A 300 203.0.113.10 OutOfSync", output, StringComparison.Ordinal);
    }
}
