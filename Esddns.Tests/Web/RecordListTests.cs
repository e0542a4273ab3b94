using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Esddns.Tests.Web;

/// <summary>The records of the API: filter, pages, and one record.</summary>
public sealed class RecordListTests
{
    private static readonly string[] s_names =
    [
        "home.example.com",
        "*.example.com",
        "xn--bcher-kva.example.com",
        "work.example.net",
    ];

    private static readonly string s_status = Status();

    [Theory]
    [InlineData("", 4)]
    [InlineData("?name=EXAMPLE.com", 3)]
    [InlineData("?name=b%C3%BCch", 1)]
    [InlineData("?name=B%C3%9CCHER", 1)]
    [InlineData("?name=xn--", 1)]
    [InlineData("?name=*", 1)]
    [InlineData("?state=failed", 1)]
    [InlineData("?state=Failed,UpToDate", 4)]
    [InlineData("?state=Failed&state=UpToDate", 4)]
    [InlineData("?name=home&state=Failed", 0)]
    public async Task List_IsFiltered(string query, int total)
    {
        await using var run = await ApiRun.StartAsync(s_status);
        var page = await run.JsonAsync("records" + query);
        Assert.Equal(total, page.GetProperty("total").GetInt32());
        Assert.Equal(total, page.GetProperty("records").GetArrayLength());
    }

    [Fact]
    public async Task Pages_LinkToEachOther_AndHaveEachRecordOnce()
    {
        await using var run = await ApiRun.StartAsync(s_status);
        var (path, seen) = ("/api/v1/records?limit=2&name=example.com", new List<string?>());
        for (var pages = 0; path is not null; pages++)
        {
            Assert.InRange(pages, 0, 1);
            using var answer = await run.Web.GetAsync(path);
            var page = JsonDocument.Parse(await answer.TextAsync()).RootElement;
            Assert.Equal(3, page.GetProperty("total").GetInt32());
            seen.AddRange(page.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("fqdn").GetString()));
            path = answer.Headers.TryGetValues("Link", out var links) ? Target(links.Single()) : null;
        }

        Assert.Equal(s_names[..3], seen);
    }

    [Theory]
    [InlineData("HOME.example.com/a", "home.example.com")]
    [InlineData("home.example.com./A", "home.example.com")]
    [InlineData("*.example.com/A", "*.example.com")]
    [InlineData("b%C3%BCcher.example.com/A", "xn--bcher-kva.example.com")]
    [InlineData("B%C3%9CCHER.example.com/A", "xn--bcher-kva.example.com")]
    public async Task Record_IsFoundInAnySpelling(string path, string fqdn)
    {
        await using var run = await ApiRun.StartAsync(s_status);
        var record = (await run.JsonAsync("records/" + path)).GetProperty("record");
        Assert.Equal(fqdn, record.GetProperty("fqdn").GetString());
        Assert.Equal("settings", record.GetProperty("declaredBy").GetString());
    }

    [Theory]
    [InlineData("nothing.example.com/A")]
    [InlineData("home.example.com/AAAA")]
    public async Task Record_NotDeclared_Is404(string path)
    {
        await using var run = await ApiRun.StartAsync(s_status);
        using var answer = await run.Web.GetAsync("/api/v1/records/" + path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("no such record", await answer.TextAsync(), StringComparison.Ordinal);
    }

    private static string Target(string link)
    {
        Assert.EndsWith(">; rel=\"next\"", link, StringComparison.Ordinal);
        return link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }

    private static string Status()
    {
        var records = s_names.Select(n =>
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {"fqdn":"{{n}}","type":"A","ttl":300,"wantedBy":"settings",
                 "inSync":{{(n.EndsWith("net", StringComparison.Ordinal) ? "false,\"state\":\"Failed\"" : "true")}}}
                """
            )
        );
        return $$"""
            {"round":1,"at":"2026-11-25T08:00:00Z","inSync":false,"wan":[],"history":[],
             "records":[{{string.Join(',', records)}}]}
            """;
    }
}
