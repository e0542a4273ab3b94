using System.Text.Json;

namespace Esddns.Tests.Web;

/// <summary>The OpenAPI document.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_DescribesEachEndpoint_WithItsSchemaParametersAndProblems()
    {
        await using var web = await WebRun.StartAsync(new Uri("http://127.0.0.1:9"));
        using var response = await web.GetAsync("/openapi/v1.json");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var document = JsonDocument.Parse(text).RootElement;
        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        string[] expected =
        [
            "/api/v1/addresses",
            "/api/v1/changes",
            "/api/v1/events",
            "/api/v1/nodes",
            "/api/v1/records",
            "/api/v1/records/{fqdn}/{type}",
            "/api/v1/sources",
            "/api/v1/status",
            "/api/v1/sync",
        ];
        var paths = document.GetProperty("paths");
        Assert.Equal(expected, paths.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var path in paths.EnumerateObject())
        {
            var get = path.Value.GetProperty(path.Name == "/api/v1/sync" ? "post" : "get");
            Assert.NotEmpty(get.GetProperty("summary").GetString()!);
            Assert.NotEmpty(get.GetProperty("operationId").GetString()!);
            var responses = get.GetProperty("responses");
            Assert.True(
                responses.GetProperty("503").GetProperty("content").TryGetProperty("application/problem+json", out _)
            );
            var body = responses.GetProperty("200").GetProperty("content").EnumerateObject().Single().Value;
            Assert.True(body.TryGetProperty("schema", out _));
        }

        // Generators make a function of each operation: a second one with the same name does not compile.
        var operations = paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value);
        var names = operations.Select(o => o.GetProperty("operationId").GetString()).ToArray();
        Assert.Equal(expected.Length, names.Length);
        Assert.Equal(names.Distinct(), names);
        var parameters = paths.GetProperty("/api/v1/records").GetProperty("get").GetProperty("parameters");
        Assert.Equal(
            ["name", "state", "limit", "after"],
            parameters.EnumerateArray().Select(p => p.GetProperty("name").GetString())
        );
        var limit = parameters[2].GetProperty("schema");
        Assert.Equal((1, 1000, 200), (Number(limit, "minimum"), Number(limit, "maximum"), Number(limit, "default")));
        var record = document.GetProperty("components").GetProperty("schemas").GetProperty("RecordDocument");
        Assert.Equal("string", record.GetProperty("properties").GetProperty("fqdn").GetProperty("type").GetString());
        Assert.Equal("integer", record.GetProperty("properties").GetProperty("ttl").GetProperty("type").GetString());
        var words = record.GetProperty("properties").GetProperty("type").GetProperty("enum");
        Assert.Equal(["A", "AAAA"], words.EnumerateArray().Select(w => w.GetString()));
    }

    private static int Number(JsonElement schema, string name) => schema.GetProperty(name).GetInt32();
}
