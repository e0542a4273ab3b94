using System.Text;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Esddns.Tests.Web;

/// <summary>Invalid answers in place of the operator: the page still works and shows the last known state.</summary>
public sealed class InvalidAnswerTests
{
    private const string First = "203.0.113.10";
    private const string Second = "198.51.100.7";
    private const string EventStream = "text/event-stream";
    private const int MiB = 1024 * 1024;

    private static readonly string s_good = FakeOperator.Event(FakeOperator.Json(Second));

    /// <summary>Invalid statuses, each made by one replacement in a valid status.</summary>
    private static readonly Dictionary<string, (string From, string To)> s_broken = new()
    {
        ["no JSON"] = ("{", "hello"),
        ["cut JSON"] = (",\"history\":[]}", ""),
        ["null for a record"] = ("\"records\":[", "\"records\":[null,"),
        ["null for the records"] = ("\"history\":[]", "\"history\":null"),
        ["null for a vote"] = ("\"votes\":[]", "\"votes\":[null]"),
        ["null for a sign"] = ("\"signs\":[]", "\"signs\":[null]"),
        ["null for a value"] = ("\"current\":[", "\"current\":[null,"),
        ["null for a change"] = ("\"history\":[]", "\"history\":[null]"),
        ["null for a family"] = ("\"wan\":[", "\"wan\":[null,"),
        ["null for a name"] = ("\"home.example.com\"", "null"),
        ["null for a foreign value"] = ("\"outcome\"", "\"foreign\":[null],\"outcome\""),
        ["null for a server"] = ("\"outcome\"", "\"propagation\":{\"isDone\":true,\"others\":[null]},\"outcome\""),
        ["text for a list"] = ("\"votes\":[]", "\"votes\":\"none\""),
        ["number for a name"] = ("\"home.example.com\"", "5"),
        ["no name"] = ("\"fqdn\"", "\"name\""),
        ["half a character"] = ("home.example.com", "\\ud800"),
        ["a time before the first"] = ("2026-11-25T08:00:00Z", "0001-01-01T00:00:00+14:00"),
        ["a number beyond all"] = ("\"ttl\":300", "\"ttl\":1e999"),
        ["endless nesting"] = ("\"history\"", $"\"x\":{new string('[', 200)}{new string(']', 200)},\"history\""),
    };

    private static readonly Dictionary<string, RequestDelegate> s_answers = new()
    {
        ["hangs up"] = Do(context => context.Abort()),
        ["fails"] = Do(context => context.Response.StatusCode = 503),
        ["redirects"] = Do(context => context.Response.Redirect(context.Request.Path)),
        ["has nothing"] = Do(context => context.Response.ContentType = EventStream),
        ["is a login page"] = FakeOperator.Whole("text/html", "<html>Log in"),
        ["is JSON"] = FakeOperator.Whole("application/json", FakeOperator.Json(Second)),
        ["has no type"] = async context => await context.Response.WriteAsync(s_good),
        ["has an odd type"] = FakeOperator.Whole("text/event-stream; charset=\"", s_good),
        ["is UTF-16"] = async context =>
        {
            context.Response.ContentType = "text/event-stream; charset=utf-16";
            await context.Response.Body.WriteAsync(Encoding.Unicode.GetBytes(s_good));
        },
        ["is Latin-1"] = async context =>
        {
            context.Response.ContentType = EventStream;
            var odd = FakeOperator.Event(FakeOperator.Json(Second, record: ",\"href\":\"é\""));
            await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes(odd));
        },
        ["is cut in an event"] = FakeOperator.Whole(EventStream, s_good[..^1]),
        ["is shorter than its Content-Length"] = async context =>
        {
            (context.Response.ContentType, context.Response.ContentLength) = (EventStream, 1000);
            await FakeOperator.SendAsync(context, "event: status\n");
            context.Abort();
        },
        ["is too large in a line"] = Flood("data: " + new string(' ', MiB - 6)),
        ["is too large in many lines"] = Flood("data: " + new string(' ', MiB - 7) + "\n"),
    };

    public static TheoryData<string> Answers => [.. s_answers.Keys, .. s_broken.Keys];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task InvalidAnswer_PageShowsTheLastKnownState(string answer)
    {
        var first = FakeOperator.Event(FakeOperator.Json(First));
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Whole(EventStream, first));
        var time = new RecordingTime { Skips = TimeSpan.FromSeconds(5) };
        await using var web = await WebRun.StartAsync(@operator.Url, time);
        await Eventually.IsTrueAsync(async () => await web.AddressAsync() == First);
        @operator.Answer = s_answers.TryGetValue(answer, out var whole) ? whole : FakeOperator.Status(Broken(answer));
        var calls = @operator.Calls;
        // The second next call starts after the next one has ended.
        await Eventually.IsTrueAsync(() => @operator.Calls >= calls + 2);
        await web.FollowsAsync(works: false);
        Assert.Equal(First, await web.AddressAsync());
        var page = await web.PageAsync();
        Assert.Contains("Last known state", page, StringComparison.Ordinal);
        Assert.Contains("Cannot reach the operator: ", page, StringComparison.Ordinal);
        if (answer.Contains("too large", StringComparison.Ordinal))
        {
            await Eventually.IsTrueAsync(async () =>
                (await web.ReasonAsync())!.EndsWith("larger than 16 MiB", StringComparison.Ordinal)
            );
        }

        @operator.Answer = FakeOperator.Status(FakeOperator.Json(Second));
        await Eventually.IsTrueAsync(async () => await web.AddressAsync() == Second);
        await web.FollowsAsync();
    }

    [Fact]
    public async Task HostileTexts_AreCleanedInAllOutputs()
    {
        const string hostile = "<script>alert(1)</script>\\u001b[31m\\u202Egpj.exe\\u0000\\r\\nSet-Cookie: a=b";
        var json = FakeOperator
            .Json(
                inSync: false,
                record: $$"""
                ,"state":"Failed","reason":"{{hostile}}","href":"{{hostile}}","foreign":["{{hostile}}"],
                "propagation":{"isDone":false,"asked":-5,"others":[{"server":"{{hostile}}"}]},
                "lastError":{"at":"2026-11-25T08:00:00Z","type":"x","message":"{{new string('y', 7 * MiB)}}"}
                """,
                whole: $$""","leader":"{{hostile}}","unknown":{"of":["a","later","version"]}"""
            )
            .Replace("\"home.example.com\"", $"\"{hostile}\"", StringComparison.Ordinal);
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(json));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        var page = await web.PageAsync();
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        foreach (var text in new[] { page, (await web.RawAsync()).ToString(), await web.MetricsAsync() })
        {
            Assert.DoesNotContain(text, c => c is '\u202e' or '\u001b' or '\0');
            Assert.True(text.Length < 200_000);
        }

        Assert.DoesNotContain("gpj", await web.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyRecords_AreAllInRaw_AndTheFirstOnThePage()
    {
        const string one = """{"fqdn":"home.example.com","type":"A","ttl":300,"inSync":true}""";
        var many = string.Concat(Enumerable.Repeat(one + ",", 2999));
        var json = FakeOperator.Json().Replace("\"records\":[", $"\"records\":[{many}", StringComparison.Ordinal);
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(json));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        Assert.Equal(3000, (await web.RawAsync()).GetProperty("records").GetArrayLength());
        Assert.Contains("1 to 100 of 3,000 records", await web.PageAsync(), StringComparison.Ordinal);
    }

    private static string Broken(string how)
    {
        var json = FakeOperator.Json(Second).ReplaceLineEndings("").Replace(", ", ",", StringComparison.Ordinal);
        json = System.Text.RegularExpressions.Regex.Replace(json, @",\s+", ",");
        var (from, to) = s_broken[how];
        Assert.Contains(from, json, StringComparison.Ordinal);
        return json.Replace(from, to, StringComparison.Ordinal);
    }

    private static RequestDelegate Do(Action<HttpContext> action) =>
        context =>
        {
            action(context);
            return Task.CompletedTask;
        };

    /// <summary>An endless stream of the same text.</summary>
    private static RequestDelegate Flood(string text) =>
        async context =>
        {
            context.Response.ContentType = EventStream;
            while (true)
                await FakeOperator.SendAsync(context, text);
        };
}
