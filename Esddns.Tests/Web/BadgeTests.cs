using System.Text.Json;
using System.Xml.Linq;

namespace Esddns.Tests.Web;

/// <summary>Badges of records.</summary>
public sealed class BadgeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("home.example.com/A", "home.example.com A", "203.0.113.10", "#1a7f37")]
    [InlineData("HOME.example.com/aaaa", "home.example.com AAAA", "skipped", "#1a7f37")]
    [InlineData("xn--bcher-kva.example.com/A", "xn--bcher-kva.example.com A", "not in sync", "#b3261e")]
    [InlineData("none.example.com/A", "esddns", "no such record", "#57606a")]
    public async Task Badge_ShowsTheState_AsImageAndForShields(string path, string label, string message, string color)
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        await using var web = await WebRun.StartAsync(@operator.Url);
        var svg = XDocument.Parse(await TextAsync(web, $"/badge/{path}.svg", "image/svg+xml"));
        Assert.Equal("img", svg.Root!.Attribute("role")?.Value);
        Assert.Equal($"{label}: {message}", svg.Root.Attribute("aria-label")?.Value);
        Assert.Contains(color, svg.ToString(), StringComparison.Ordinal);
        var json = JsonDocument.Parse(await TextAsync(web, $"/badge/{path}.json", "application/json")).RootElement;
        Assert.Equal(1, json.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(label, json.GetProperty("label").GetString());
        Assert.Equal(message, json.GetProperty("message").GetString());
        Assert.Equal(color, json.GetProperty("color").GetString());
    }

    [Fact]
    public async Task OperatorAway_IsNotShownAsGood()
    {
        await using var web = await WebRun.StartAsync(new Uri("http://127.0.0.1:9"));
        var badge = await TextAsync(web, "/badge/home.example.com/A.svg", "image/svg+xml");
        Assert.Contains("out of date", badge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SkippedRecord_ShowsNoValue()
    {
        var json = FakeOperator.Json(record: ",\"type\":\"A\",\"state\":\"Skipped\"");
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(json));
        await using var web = await WebRun.StartAsync(@operator.Url);
        var badge = await TextAsync(web, "/badge/home.example.com/A.json", "application/json");
        Assert.Contains("\"message\":\"skipped\"", badge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostileValue_IsText()
    {
        var json = FakeOperator.Json(address: "<script>alert(1)</script>", record: ",\"type\":\"A\"");
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(json));
        await using var web = await WebRun.StartAsync(@operator.Url);
        var svg = XDocument.Parse(await TextAsync(web, "/badge/home.example.com/A.svg", "image/svg+xml"));
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        Assert.Contains(
            "<script>alert(1)</script>",
            svg.Root!.Attribute("aria-label")!.Value,
            StringComparison.Ordinal
        );
    }

    private static async Task<string> TextAsync(WebRun web, string path, string mediaType)
    {
        using var response = await web.GetAsync(path);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
