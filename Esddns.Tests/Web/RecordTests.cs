using System.Text.Json;

namespace Esddns.Tests.Web;

/// <summary>Records on the page and in <c>/raw</c>.</summary>
public sealed class RecordTests
{
    [Theory]
    [InlineData("\"state\":\"UpToDate\"", true, "good", "up to date")]
    [InlineData("\"state\":\"Skipped\",\"reason\":\"no IPv6\"", true, "neutral", "skipped: no IPv6")]
    [InlineData("\"state\":\"Pending\"", false, "bad", "pending")]
    [InlineData("\"state\":\"LeftAlone\",\"reason\":\"address unknown\"", false, "bad", "left alone: address unknown")]
    [InlineData("\"state\":\"Failed\",\"reason\":\"401 Unauthorized\"", false, "bad", "failed: 401 Unauthorized")]
    [InlineData(
        "\"state\":\"Unknown\",\"reason\":\"could not confirm\"",
        false,
        "unknown",
        "unknown: could not confirm"
    )]
    [InlineData("\"state\":\"SomethingNew\"", false, "unknown", "SomethingNew")]
    [InlineData("\"state\":\"Failed\",\"reason\":\"x\"", true, "bad", "failed: x")]
    [InlineData("\"state\":null", true, "good", "up to date")]
    [InlineData("\"state\":null", false, "unknown", "unknown")]
    public async Task Page_RecordState_HasWordReasonAndShape(string record, bool inSync, string tone, string words)
    {
        var (page, raw) = await ShowAsync(FakeOperator.Json(inSync: inSync, record: "," + record));
        var (word, reason) = (words.Split(": ")[0], words.Split(": ").ElementAtOrDefault(1));
        Assert.Contains(State(tone, word), page, StringComparison.Ordinal);
        if (reason is not null)
            Assert.Contains($"<p class=\"reason\">{char.ToUpperInvariant(reason[0])}{reason[1..]}.</p>", page);
        Assert.Equal(inSync, raw.GetProperty("record_state").GetProperty("in_sync").GetBoolean());
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"reason\":\"1 foreign value kept: 198.51.100.9\"")]
    public async Task Page_ForeignValues_AreToldApart_AndTheirSentenceIsShownOnce(string reason)
    {
        var (page, _) = await ShowAsync(
            FakeOperator.Json(
                record: $$"""
                ,"state":"UpToDate"{{reason}},"foreign":["198.51.100.9"],
                "lastDrift":{"at":"2026-11-25T07:00:00Z","from":["203.0.113.10"],"to":["203.0.113.10","198.51.100.9"]}
                """
            )
        );
        Assert.Equal(1, page.Split("1 foreign value kept: 198.51.100.9").Length - 1);
        var value = "<code>198.51.100.9</code>\\s*<span class=\"tag foreign\">foreign</span>";
        Assert.Matches(value, page);
        Assert.Contains("from 203.0.113.10 to 203.0.113.10, 198.51.100.9", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "not asked yet")]
    [InlineData("{\"isDone\":true,\"others\":[],\"asked\":3}", "3 of 3")]
    [InlineData("{\"isDone\":false,\"others\":[{\"server\":\"192.0.2.1:53\"}],\"asked\":3}", "2 of 3")]
    [InlineData("{\"isDone\":true,\"others\":[]}", "all")]
    [InlineData("{\"isDone\":false,\"others\":[{\"server\":\"192.0.2.1:53\"}]}", "all but 1")]
    public async Task Page_NameServers_AreCounted(string propagation, string text)
    {
        var (page, _) = await ShowAsync(FakeOperator.Json(record: $",\"propagation\":{propagation}"));
        Assert.Contains($"<td data-label=\"Name servers\">{text}</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_TimesOfARecord_AreShown()
    {
        const string times = ",\"lastVerified\":\"2026-11-25T07:00:00Z\",\"lastWritten\":\"2026-11-25T06:00:00Z\"";
        var (page, _) = await ShowAsync(FakeOperator.Json(record: times));
        foreach (var time in new[] { "2026-11-25 07:00:00 UTC", "2026-11-25 06:00:00 UTC" })
            Assert.Contains(time, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_WithoutZone_IsShownByItsName()
    {
        const string key = """{"zone":"example.com","name":"home","type":"A"}""";
        var json = FakeOperator.Json(record: ",\"type\":\"AAAA\"").Replace(key, "null", StringComparison.Ordinal);
        var (page, raw) = await ShowAsync(json);
        Assert.Contains("home.example.com <span class=\"quiet\">AAAA</span></th>", page, StringComparison.Ordinal);
        var data = raw.GetProperty("record_state").GetProperty("record_data");
        Assert.Equal("home.example.com", data.GetProperty("rrset_name").GetString());
        Assert.Equal("AAAA", data.GetProperty("rrset_type").GetString());
    }

    /// <summary>The markup of a state: a shape and a word in a color.</summary>
    private static string State(string tone, string word) =>
        $"<span class=\"state {tone}\"><svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-{tone}\"/></svg>"
        + $"{word}</span>";

    private static async Task<(string Page, JsonElement Raw)> ShowAsync(string status)
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(status));
        await using var web = await WebRun.StartAsync(@operator.Url);
        return (await web.PageAsync(), await web.RawAsync());
    }
}
