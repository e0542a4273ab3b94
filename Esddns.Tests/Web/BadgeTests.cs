using System.Net;
using System.Text.Json;
using System.Xml.Linq;

namespace Esddns.Tests.Web;

/// <summary>The badges: state as a word and a colour, names of others as text.</summary>
public sealed class BadgeTests
{
    private const string Path = "/badge/home.example.com/A";

    [Theory]
    [InlineData("UpToDate", true, "in sync", "brightgreen")]
    [InlineData("Failed", false, "out of sync", "red")]
    [InlineData("Pending", false, "unknown", "lightgrey")]
    [InlineData("Skipped", true, "skipped", "lightgrey")]
    public async Task Badge_HasTheStateAsWordAndColour(string state, bool inSync, string message, string color)
    {
        await using var run = await ApiRun.StartAsync(
            FakeOperator.Json(inSync: inSync, record: $",\"state\":\"{state}\"")
        );
        using var answer = await run.Web.GetAsync(Path + ".json");
        Assert.Equal(
            $$"""{"schemaVersion":1,"label":"home.example.com A","message":"{{message}}","color":"{{color}}"}""",
            await answer.TextAsync()
        );
        using var image = await run.Web.GetAsync(Path + ".svg");
        Assert.Equal("image/svg+xml", image.Content.Headers.ContentType?.MediaType);
        var svg = XDocument.Parse(await image.TextAsync()).Root!;
        Assert.Equal("img", svg.Attribute("role")?.Value);
        Assert.Equal($"home.example.com A: {message}", svg.Elements().Single(e => e.Name.LocalName == "title").Value);
    }

    [Fact]
    public async Task Badge_OperatorAway_IsStaleAndNotGreen()
    {
        var @operator = await FakeOperator.StartAsync(FakeOperator.Status(FakeOperator.Json()));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        await @operator.DisposeAsync();
        await web.FollowsAsync(works: false);
        using var answer = await web.GetAsync(Path + ".json");
        var badge = JsonDocument.Parse(await answer.TextAsync()).RootElement;
        Assert.Equal("stale", badge.GetProperty("message").GetString());
        Assert.Equal("lightgrey", badge.GetProperty("color").GetString());
    }

    [Fact]
    public async Task Badge_NoSuchRecord_Is404_AndTheNameIsText()
    {
        await using var run = await ApiRun.StartAsync(FakeOperator.Json());
        using var image = await run.Web.GetAsync("/badge/%3Cscript%3E&%22x/A.svg");
        Assert.Equal(HttpStatusCode.NotFound, image.StatusCode);
        var svg = XDocument.Parse(await image.TextAsync());
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        Assert.Equal(
            "<script>&\"x A: no such record",
            svg.Descendants().Single(e => e.Name.LocalName == "title").Value
        );
        using var data = await run.Web.GetAsync("/badge/nothing.example.com/A.json");
        Assert.Equal(HttpStatusCode.NotFound, data.StatusCode);
    }
}
