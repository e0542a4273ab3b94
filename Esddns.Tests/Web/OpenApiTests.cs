using System.Text.Json;

namespace Esddns.Tests.Web;

/// <summary><c>/openapi/v1.json</c> describes the API well enough to generate a client.</summary>
public sealed class OpenApiTests
{
    private static readonly string[] s_paths =
    [
        "/api/v1/addresses",
        "/api/v1/changes",
        "/api/v1/events",
        "/api/v1/nodes",
        "/api/v1/records",
        "/api/v1/records/{fqdn}/{type}",
        "/api/v1/sources",
        "/api/v1/status",
        "/badge/{fqdn}/{type}.json",
        "/badge/{fqdn}/{type}.svg",
    ];

    [Fact]
    public async Task Document_DescribesEveryEndpointParameterAndField()
    {
        await using var run = await ApiRun.StartAsync(FakeOperator.Json());
        using var answer = await run.Web.GetAsync("/openapi/v1.json");
        var document = JsonDocument.Parse(await answer.TextAsync()).RootElement;
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = document.GetProperty("paths").EnumerateObject().ToArray();
        Assert.Equal(s_paths, paths.Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var operation in paths.Select(p => p.Value.GetProperty("get")))
        {
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()));
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("operationId").GetString()));
            if (operation.TryGetProperty("parameters", out var parameters))
                Assert.All(parameters.EnumerateArray(), p => Assert.True(p.TryGetProperty("description", out _)));
        }

        foreach (var schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            if (!schema.Value.TryGetProperty("properties", out var fields))
                continue;
            Assert.All(
                fields.EnumerateObject(),
                f => Assert.True(IsDescribed(f.Value), $"{schema.Name}.{f.Name} has no description")
            );
        }
    }

    [Fact]
    public async Task Document_NumbersAreNumbers_AndLimitsAreStated()
    {
        await using var run = await ApiRun.StartAsync(FakeOperator.Json());
        using var answer = await run.Web.GetAsync("/openapi/v1.json");
        var document = JsonDocument.Parse(await answer.TextAsync()).RootElement;
        var summary = document.GetProperty("components").GetProperty("schemas").GetProperty("StatusSummary");
        Assert.Equal(
            "integer",
            summary.GetProperty("properties").GetProperty("records").GetProperty("type").GetString()
        );
        var parameters = document.GetProperty("paths").GetProperty("/api/v1/records").GetProperty("get");
        var limit = parameters
            .GetProperty("parameters")
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == "limit");
        Assert.Equal(1000, limit.GetProperty("schema").GetProperty("maximum").GetInt32());
    }

    private static bool IsDescribed(JsonElement field) =>
        field.TryGetProperty("description", out _)
        || field.TryGetProperty("$ref", out _)
        || (field.TryGetProperty("oneOf", out var parts) && parts.EnumerateArray().Any(IsDescribed));
}
