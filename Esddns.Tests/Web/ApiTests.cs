using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Web;

/// <summary>The read-only endpoints of <c>/api/v1</c>.</summary>
public sealed class ApiTests
{
    private const string Change = """
        {"at":"2026-11-25T07:00:00Z","fqdn":"home.example.com","type":"A","from":null,"to":["192.0.2.1"],"why":"start"}
        """;

    private const string Later = """
        {"at":"2026-11-25T08:00:00Z","fqdn":"home.example.com","type":"A","from":["203.0.113.10"],"to":[],"why":"timer"}
        """;

    [Fact]
    public async Task Status_InSync_CountsRecordsAndShowsAddresses()
    {
        await using var run = await ApiRun.StartAsync(FakeOperator.Json());
        var status = await run.JsonAsync("status");
        Assert.Equal("InSync", status.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("reason").ValueKind);
        Assert.Equal(1, status.GetProperty("recordsByState").GetProperty("UpToDate").GetInt32());
        Assert.Equal("203.0.113.10", status.GetProperty("addresses")[0].GetProperty("address").GetString());
        Assert.False(status.GetProperty("freshness").GetProperty("stale").GetBoolean());
    }

    [Theory]
    [InlineData("Failed", "OutOfSync")]
    [InlineData("LeftAlone", "OutOfSync")]
    [InlineData("SomethingNew", "OutOfSync")]
    [InlineData("Pending", "Unknown")]
    [InlineData("Unknown", "Unknown")]
    public async Task Status_NotInSync_HasAWordAndTheReason(string state, string word)
    {
        var record = $",\"state\":\"{state}\",\"reason\":\"401\"";
        await using var run = await ApiRun.StartAsync(FakeOperator.Json(inSync: false, record: record));
        var status = await run.JsonAsync("status");
        Assert.Equal(word, status.GetProperty("state").GetString());
        Assert.Equal($"home.example.com A: {state}: 401", status.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Status_OperatorAway_KeepsTheStateAndShowsItsAge()
    {
        var @operator = await FakeOperator.StartAsync(FakeOperator.Status(FakeOperator.Json()));
        var time = new FakeTimeProvider();
        await using var web = await WebRun.StartAsync(@operator.Url, time);
        await web.FollowsAsync();
        await @operator.DisposeAsync();
        await web.FollowsAsync(works: false);
        foreach (var seconds in new[] { 7, 14 })
        {
            time.Advance(TimeSpan.FromSeconds(7));
            var status = JsonDocument.Parse(await (await web.GetAsync("/api/v1/status")).TextAsync()).RootElement;
            Assert.Equal("InSync", status.GetProperty("state").GetString());
            Assert.Equal(seconds, status.GetProperty("freshness").GetProperty("staleSeconds").GetDouble());
        }
    }

    [Theory]
    [InlineData("status")]
    [InlineData("addresses")]
    [InlineData("records")]
    [InlineData("records/home.example.com/A")]
    [InlineData("changes")]
    [InlineData("sources")]
    [InlineData("nodes")]
    public async Task AnyEndpoint_BeforeTheFirstStatus_Is503WithRetryAfter(string path)
    {
        await using var web = await WebRun.StartAsync(new Uri("http://127.0.0.1:9"));
        // The first request of all waits for the first status.
        using var answer = await web.GetAsync("/api/v1/" + path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Sources_HaveProviderAndMethod_AndWhetherTheyAgree()
    {
        const string votes = """
            "votes":[{"source":"a","class":"Stun","address":"203.0.113.10","counted":true,"operator":"one",
                      "seconds":0.2},
                     {"source":"b","class":"Https","address":"198.51.100.1","counted":true,"operator":"two"},
                     {"source":"c","class":"Dns","address":null,"counted":false,"reason":"timeout"}]
            """;
        var json = FakeOperator.Json().Replace("\"votes\":[]", votes, StringComparison.Ordinal);
        await using var run = await ApiRun.StartAsync(json);
        var sources = (await run.JsonAsync("sources")).GetProperty("sources").EnumerateArray().ToArray();
        Assert.Equal(["one", "two", ""], sources.Select(s => s.GetProperty("provider").GetString()));
        Assert.Equal(["Stun", "Https", "Dns"], sources.Select(s => s.GetProperty("method").GetString()));
        Assert.Equal(["True", "False", ""], sources.Select(s => s.GetProperty("agrees").ToString()));
        Assert.Equal(0.2, sources[0].GetProperty("seconds").GetDouble());
    }

    [Fact]
    public async Task Nodes_ListTheObservationsAndTheLeader()
    {
        const string whole =
            ",\"leader\":\"pod\",\"nodes\":[{\"address\":\"203.0.113.10\",\"count\":3,\"names\":[\"n1\"]}]";
        await using var run = await ApiRun.StartAsync(FakeOperator.Json(whole: whole));
        var nodes = await run.JsonAsync("nodes");
        Assert.Equal("pod", nodes.GetProperty("leader").GetString());
        Assert.Equal(3, nodes.GetProperty("addresses")[0].GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("?limit=1", 1)]
    [InlineData("?since=2026-11-25T07:00:00Z", 1)]
    [InlineData("?since=2026-11-25T09:00:00%2B02:00", 1)]
    [InlineData("?since=2026-11-25T09:00:00+02:00", 1)]
    [InlineData("?since=2026-11-25T08:00:00.5Z", 0)]
    [InlineData("?unknown=1", 2)]
    public async Task Changes_AreSelected_NewestFirst(string query, int count)
    {
        var json = FakeOperator
            .Json()
            .Replace("\"history\":[]", $"\"history\":[{Change},{Later}]", StringComparison.Ordinal);
        await using var run = await ApiRun.StartAsync(json);
        var changes = (await run.JsonAsync("changes" + query)).GetProperty("changes");
        Assert.Equal(count, changes.GetArrayLength());
        if (count > 0)
            Assert.Equal("timer", changes[0].GetProperty("why").GetString());
    }

    [Theory]
    [InlineData("changes?since=yesterday", "since=yesterday: expected a time like 2026-01-31T12:00:00Z")]
    [InlineData("changes?since=2026-11-25", "since=2026-11-25: expected a time like 2026-01-31T12:00:00Z")]
    [InlineData("changes?limit=0", "limit=0: expected a whole number from 1 to 1000")]
    [InlineData("records?limit=1001", "limit=1001: expected a whole number from 1 to 1000")]
    [InlineData("records?state=Good", "state=Good: expected one of Pending, UpToDate")]
    [InlineData("records?after=x", "after=x: expected the value of next of the page before")]
    [InlineData("records?after=x/A", "after=x/A: no such record any more; request the first page again")]
    public async Task Parameter_NotValid_Is400WithOneLine(string path, string detail)
    {
        await using var run = await ApiRun.StartAsync(FakeOperator.Json());
        using var answer = await run.Web.GetAsync("/api/v1/" + path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.TextAsync()).RootElement;
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.StartsWith(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
