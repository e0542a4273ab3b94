using System.Net;
using System.Text.Json;
using Esddns.Tests.Support;

namespace Esddns.Tests.Web;

/// <summary>The API <c>/api/v1</c> of the web service.</summary>
public sealed class ApiTests : IAsyncLifetime
{
    private FakeOperator _operator = null!;
    private WebRun _web = null!;

    public async ValueTask InitializeAsync()
    {
        _operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        _web = await WebRun.StartAsync(_operator.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _operator.DisposeAsync();
    }

    [Fact]
    public async Task Status_SummarisesAllRecords()
    {
        var status = await JsonAsync("/api/v1/status");
        Assert.Equal("OutOfSync", status.GetProperty("state").GetString());
        Assert.Equal("xn--bcher-kva.example.com A: 401", status.GetProperty("reason").GetString());
        Assert.Equal(
            """{"total":3,"upToDate":1,"skipped":1,"pending":0,"leftAlone":0,"failed":1,"unknown":0}""",
            status.GetProperty("records").GetRawText()
        );
        Assert.Equal("203.0.113.10", status.GetProperty("addresses")[0].GetProperty("address").GetString());
        Assert.Equal(7, status.GetProperty("round").GetInt64());
        Assert.Equal("pod-1", status.GetProperty("leader").GetString());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("stale").ValueKind);
    }

    [Theory]
    [InlineData("", "home.example.com A,home.example.com AAAA,xn--bcher-kva.example.com A")]
    [InlineData("?name=HOME", "home.example.com A,home.example.com AAAA")]
    [InlineData("?name=b%C3%BCcher.example.com", "xn--bcher-kva.example.com A")]
    [InlineData("?state=failed", "xn--bcher-kva.example.com A")]
    [InlineData("?name=home&state=Skipped", "home.example.com AAAA")]
    [InlineData("?name=b%C3%9CCH", "xn--bcher-kva.example.com A")]
    [InlineData("?name=home.", "home.example.com A,home.example.com AAAA")]
    [InlineData("?name=home.example.com.", "home.example.com A,home.example.com AAAA")]
    [InlineData("?state=Pending", "")]
    [InlineData("?unknown=1&limit=1000", "home.example.com A,home.example.com AAAA,xn--bcher-kva.example.com A")]
    public async Task Records_AreFiltered(string query, string expected)
    {
        var page = await JsonAsync("/api/v1/records" + query);
        Assert.Equal(expected, string.Join(',', Names(page)));
        Assert.Equal(Names(page).Count, page.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Records_PageByPage_AreAllOfThemOnce()
    {
        var (names, after) = (new List<string>(), "");
        for (var pages = 0; pages < 3; pages++)
        {
            var page = await JsonAsync($"/api/v1/records?limit=1{after}");
            names.AddRange(Names(page));
            Assert.Equal(3, page.GetProperty("total").GetInt32());
            var next = page.GetProperty("next").GetString();
            Assert.Equal(pages == 2, next is null);
            after = $"&after={Uri.EscapeDataString(next ?? "")}";
        }

        Assert.Equal(["home.example.com A", "home.example.com AAAA", "xn--bcher-kva.example.com A"], names);
    }

    [Fact]
    public async Task Records_NextPage_AfterARecordThatIsNotSelectedAnyMore()
    {
        var page = await JsonAsync("/api/v1/records?state=Failed&after=home.example.com/A");
        Assert.Equal(["xn--bcher-kva.example.com A"], Names(page));
    }

    [Fact]
    public async Task Changes_WithoutLimit_AreAllThatAreKept()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.ManyChanges(200)));
        await using var web = await WebRun.StartAsync(@operator.Url);
        Assert.Equal(200, (await JsonAsync(web, "/api/v1/changes")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task OtherMethod_Is405_AndNamesTheAllowedOnes()
    {
        using var response = await _web.SendAsync(HttpMethod.Post, "/api/v1/status");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("GET", "/api/v1/sync", 405, "POST")]
    [InlineData("HEAD", "/api/v1/events", 405, "GET")]
    [InlineData("POST", "/api/v1/nothing", 404, "")]
    public async Task MethodWithoutEndpoint_GetsTheMethodsOfThePath(
        string method,
        string path,
        int code,
        string allowed
    )
    {
        using var response = await _web.SendAsync(new HttpMethod(method), path);
        Assert.Equal(code, (int)response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/raw")]
    [InlineData("/api/v1/status")]
    [InlineData("/badge/home.example.com/A.svg")]
    [InlineData("/badge/home.example.com/A.json")]
    public async Task Head_HasTheHeadersOfGet_AndNoBody(string path)
    {
        using var get = await _web.GetAsync(path);
        using var head = await _web.SendAsync(HttpMethod.Head, path);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await TextAsync(head));
    }

    [Theory]
    [InlineData("/api/v1/records/home.example.com/A", "home.example.com", "UpToDate")]
    [InlineData("/api/v1/records/HOME.example.com./aaaa", "home.example.com", "Skipped")]
    [InlineData("/api/v1/records/B%C3%BCcher.example.com/A", "xn--bcher-kva.example.com", "Failed")]
    public async Task Record_IsFoundInEachSpelling(string path, string name, string state)
    {
        var record = await JsonAsync(path);
        Assert.Equal(name, record.GetProperty("fqdn").GetString());
        Assert.Equal(state, record.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Record_HasValuesAndNameServers()
    {
        var record = await JsonAsync("/api/v1/records/home.example.com/A");
        Assert.Equal("203.0.113.10", record.GetProperty("values")[0].GetString());
        Assert.Equal("configuration", record.GetProperty("declaredBy").GetString());
        var servers = record.GetProperty("nameServers");
        Assert.Equal(3, servers.GetProperty("asked").GetInt32());
        Assert.Equal(2, servers.GetProperty("correct").GetInt32());
        var unknown = await JsonAsync("/api/v1/records/xn--bcher-kva.example.com/A");
        Assert.Equal(JsonValueKind.Null, unknown.GetProperty("values").ValueKind);
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("?since=2026-11-24T07:00:00Z", 1)]
    [InlineData("?since=2026-11-25T08:30:00%2B01:30", 0)]
    [InlineData("?since=2026-11-25T08:29:59.5+01:30", 1)]
    [InlineData("?since=2026-11-25t06:59:59.123456789z", 1)]
    [InlineData("?limit=1", 1)]
    public async Task Changes_SinceATime(string query, int count)
    {
        var changes = (await JsonAsync("/api/v1/changes" + query)).GetProperty("items");
        Assert.Equal(count, changes.GetArrayLength());
        if (count > 0)
            Assert.Equal("address changed", changes[0].GetProperty("why").GetString());
    }

    [Fact]
    public async Task AddressesSourcesAndNodes_AreListed()
    {
        var address = (await JsonAsync("/api/v1/addresses")).GetProperty("items")[0];
        Assert.Equal("a", address.GetProperty("providers")[0].GetString());
        Assert.Equal("A proxy", address.GetProperty("signs")[0].GetString());
        var sources = (await JsonAsync("/api/v1/sources")).GetProperty("items");
        Assert.True(sources[0].GetProperty("agrees").GetBoolean());
        Assert.Equal(JsonValueKind.Null, sources[1].GetProperty("agrees").ValueKind);
        Assert.Equal("no answer", sources[1].GetProperty("reason").GetString());
        Assert.Equal("node-2", sources[1].GetProperty("node").GetString());
        var node = (await JsonAsync("/api/v1/nodes")).GetProperty("items")[0];
        Assert.Equal(2, node.GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("records?limit=0", 400, "limit: expected a whole number from 1 to 1000")]
    [InlineData("records?limit=1001", 400, "limit: expected a whole number from 1 to 1000")]
    [InlineData("records?limit=x", 400, "limit: expected a whole number from 1 to 1000")]
    [InlineData("changes?limit=-1", 400, "limit: expected a whole number from 1 to 1000")]
    [InlineData("records?state=Good", 400, "state: expected one of UpToDate, Skipped, Pending, LeftAlone, Failed")]
    [InlineData("records?name=a&name=b", 400, "name: expected a part of a name")]
    [InlineData("records?after=x", 400, "after: expected the value of 'next'")]
    [InlineData("records?after=gone.example.com/A", 400, "after: no such record any more")]
    [InlineData("changes?since=2026-11-25T08:30:00", 400, "since: expected a time such as")]
    [InlineData("changes?since=yesterday", 400, "since: expected a time such as")]
    [InlineData("records/none.example.com/A", 404, "No such record")]
    [InlineData("records/home.example.com/TXT", 404, "No such record")]
    [InlineData("records/home.example.com", 404, "No such endpoint")]
    [InlineData("nothing.json", 404, "No such endpoint")]
    [InlineData("nothing", 404, "No such endpoint")]
    public async Task Mistake_IsAProblemInOneLine(string path, int statusCode, string detail)
    {
        using var response = await _web.GetAsync("/api/v1/" + path);
        Assert.Equal(statusCode, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await TextAsync(response)).RootElement;
        Assert.Equal(statusCode, problem.GetProperty("status").GetInt32());
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoStatusYet_Is503_AndSaysWhenToRetry()
    {
        await using var web = await WebRun.StartAsync(new Uri("http://127.0.0.1:9"));
        using var response = await web.GetAsync("/api/v1/status");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("Cannot reach the operator", await TextAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperatorGone_EachListTellsIt()
    {
        var end = new TaskCompletionSource();
        await using var gone = await FakeOperator.StartAsync(async context =>
        {
            await FakeOperator.SendEventAsync(context, FakeOperator.Event(Statuses.Mixed));
            await end.Task;
            context.Abort();
        });
        await using var web = await WebRun.StartAsync(gone.Url);
        await web.FollowsAsync();
        gone.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        end.SetResult();
        foreach (var path in new[] { "status", "addresses", "records", "changes", "sources", "nodes" })
        {
            await Eventually.IsTrueAsync(async () =>
                (await JsonAsync(web, "/api/v1/" + path)).GetProperty("stale") is { ValueKind: JsonValueKind.Object } s
                && s.GetProperty("reason")
                    .GetString()!
                    .StartsWith("Cannot reach the operator", StringComparison.Ordinal)
                && s.GetProperty("seconds").GetDouble() >= 0
            );
        }
    }

    private static List<string> Names(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(r => $"{r.GetProperty("fqdn")} {r.GetProperty("type")}")];

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private Task<JsonElement> JsonAsync(string path) => JsonAsync(_web, path);

    private static async Task<JsonElement> JsonAsync(WebRun web, string path)
    {
        using var response = await web.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await TextAsync(response)).RootElement;
    }
}
