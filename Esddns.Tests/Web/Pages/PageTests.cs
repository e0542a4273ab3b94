using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Esddns.Contracts;
using Esddns.Web.Pages;
using Esddns.Web.Pages.Records;
using Esddns.Web.Status;
using RazorSlices;

namespace Esddns.Tests.Web.Pages;

/// <summary>The page as a whole: its files, its security and its live regions.</summary>
public sealed class PageTests
{
    /// <summary>A text that would end an attribute, a tag or a script, if it were not encoded.</summary>
    private const string Hostile = "\"'><img src=x onerror=alert(1)></script>{{7*7}}";

    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_AreKeptForever_UnlessTheirHashIsThatOfAnotherVersion()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(FakeOperator.Json()));
        await using var web = await WebRun.StartAsync(@operator.Url);
        var files = Regex.Matches(await web.PageAsync(), "\"(/assets/[^\"]+)\"").Select(m => m.Groups[1].Value);
        Assert.Equal(3, files.Count());
        foreach (var file in files)
        {
            using var kept = await web.GetAsync(file);
            Assert.Equal("public, max-age=31536000, immutable", kept.Headers.CacheControl?.ToString());
            using var other = await web.GetAsync(Regex.Replace(file, "/[0-9a-f]{16}/", "/0123456789abcdef/"));
            Assert.Equal("no-cache", other.Headers.CacheControl?.ToString());
            Assert.Equal(await kept.Content.ReadAsStringAsync(Cancel), await other.Content.ReadAsStringAsync(Cancel));
        }

        using var missing = await web.GetAsync("/assets/0123456789abcdef/other.js");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Page_HasNoInlineStyleOrScript_AndNothingFromOtherHosts()
    {
        var page = await RenderAsync(Statuses.Mixed);
        Assert.DoesNotMatch("<style|\\sstyle=|\\son[a-z]+=|javascript:|<script>", page);
        Assert.DoesNotMatch("(src|href|action)=\"(https?:)?//", page);
    }

    [Fact]
    public async Task Page_WithHostileTextInEveryField_ShowsIt()
    {
        var json = Regex.Replace(
            Statuses.Mixed,
            "\"(fqdn|source|reason|by|leader|why|via|operator|wantedBy|address|message|server|family|class|verdict)"
                + "\":\"[^\"]*\"",
            m => $"\"{m.Groups[1].Value}\":\"{JsonEncodedHostile}\""
        );
        var page = await RenderAsync(json);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("=\"[^\"]*\"'", page);
        Assert.True(WebUtility.HtmlDecode(page).Split(Hostile).Length > 20);
    }

    [Fact]
    public async Task State_IsInTitleAndIcon()
    {
        var good = await RenderAsync(FakeOperator.Json());
        Assert.Contains("<title>In sync: home.example.com", good, StringComparison.Ordinal);
        Assert.Matches("rel=\"icon\"[^>]*/good.svg\"", good);
        var bad = await RenderAsync(FakeOperator.Json(inSync: false, record: ",\"state\":\"Failed\""));
        Assert.Matches("rel=\"icon\"[^>]*/bad.svg\"", bad);
        var stale = await RenderAsync(FakeOperator.Json(), problem: "Cannot reach the operator: refused");
        Assert.Matches("rel=\"icon\"[^>]*/unknown.svg\"", stale);
        Assert.Contains("<body class=\"stale\">", stale, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", stale, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LiveRegions_HaveNamesOfTheirOwn_AndDoNotDependOnTheState()
    {
        var regions = Regions(await RenderAsync(FakeOperator.Json()));
        Assert.Equal(regions.Distinct(), regions);
        Assert.Equal(regions, Regions(await RenderAsync(Statuses.Mixed)));
        Assert.Equal(regions, Regions(await RenderAsync(FakeOperator.Json(), problem: "x")));
    }

    [Fact]
    public async Task CheckNow_IsOnlyForVisitorsWhoMay()
    {
        const string form = "action=\"/api/v1/sync\"";
        Assert.DoesNotContain(form, await RenderAsync(FakeOperator.Json()), StringComparison.Ordinal);
        Assert.Contains(form, await RenderAsync(FakeOperator.Json(), mayCheck: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_IsHiddenOnASingleMachine()
    {
        Assert.DoesNotContain("h-cluster", await RenderAsync(FakeOperator.Json()), StringComparison.Ordinal);
        var page = await RenderAsync(Statuses.Mixed);
        Assert.Contains("2 nodes: node-1, node-2", page, StringComparison.Ordinal);
        Assert.Contains("<code>pod-1</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_AreAbsoluteForMachinesAndWithoutScript()
    {
        var page = await RenderAsync(Statuses.Mixed);
        const string time = "<time datetime=\"2026-11-24T08:00:00Z\" data-form=\"ago\" tabindex=\"0\">";
        Assert.Contains(time + "2026-11-24 08:00:00 UTC</time>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TenThousandRecords_ArePagedByTheServer()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Many(10_000)));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        using var last = await web.GetAsync("/?page=100", ("Accept-Encoding", "br"));
        Assert.True((await last.Content.ReadAsByteArrayAsync(Cancel)).Length < 30_000);
        using var found = await web.GetAsync("/?name=r9999.");
        var page = await found.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("<caption>1 record, of 10,000 in total</caption>", page, StringComparison.Ordinal);
        Assert.Contains("value=\"r9999.\"", page, StringComparison.Ordinal);
    }

    private static string JsonEncodedHostile => System.Text.Json.JsonEncodedText.Encode(Hostile).ToString();

    private static IEnumerable<string> Regions(string page) =>
        [.. Regex.Matches(page, "data-live=\"([a-z]+)\"").Select(m => m.Groups[1].Value)];

    private static async Task<string> RenderAsync(string json, string? problem = null, bool mayCheck = false)
    {
        var status = StatusJson.Read(Encoding.UTF8.GetBytes(json));
        Assert.NotNull(status);
        var cached = new CachedStatus(status, TimeSpan.FromSeconds(5), problem);
        return await StatusPage.Create(new PageModel(cached, s_now, RecordFilter.None, mayCheck)).RenderAsync();
    }
}
