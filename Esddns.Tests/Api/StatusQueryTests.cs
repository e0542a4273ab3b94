using System.Net;
using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Text;

namespace Esddns.Tests.Api;

/// <summary><c>GET /status</c> with parameters: pages, names, statuses, and mistakes.</summary>
public sealed class StatusQueryTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        string[] names = ["a.example.com", "b.example.com", "home.example.org", "c.example.com"];
        _host.State.Update(s =>
            s with
            {
                Round = 7,
                Records = RecordStates.Of(
                    names.Select(
                        (name, i) =>
                            new RecordState(Fqdn.Parse(name), RecordType.A)
                            {
                                Outcome = i == 2 ? RecordOutcome.Failed : RecordOutcome.Noop,
                            }
                    )
                ),
            }
        );
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("", "a b home c")]
    [InlineData("?other=1", "a b home c")]
    [InlineData("?limit=10", "a b home c")]
    [InlineData("?name=B.Example.com.", "b")]
    [InlineData("?name=.example.com", "a b c")]
    [InlineData("?name=xample.com", "")]
    [InlineData("?state=failed", "home")]
    [InlineData("?state=Failed,UpToDate&name=home.example.org", "home")]
    [InlineData("?state=Failed&state=UpToDate", "a b home c")]
    [InlineData("?state=UpToDate,%20Failed", "a b home c")]
    [InlineData("?continue=b.example.com/A", "home c")]
    public async Task Records_AreSelected(string query, string expected)
    {
        var (names, next, status) = await PageAsync("/status" + query);
        Assert.Equal((expected, null), (names, next));
        // The rest of the document is the whole.
        Assert.Equal(7, status.GetProperty("round").GetInt32());
        Assert.False(status.GetProperty("inSync").GetBoolean());
    }

    [Fact]
    public async Task Pages_FollowTheLinks()
    {
        var pages = new List<string>();
        string? path = "/status?limit=1&name=.example.com&state=UpToDate";
        while (path is not null)
        {
            var (names, next, _) = await PageAsync(path);
            pages.Add(names);
            path = next;
        }

        Assert.Equal(["a", "b", "c"], pages);
    }

    [Theory]
    [InlineData("limit=0", "limit=0: expected a whole number from 1 to 2147483647")]
    [InlineData("limit=ten", "limit=ten: expected a whole number from 1 to 2147483647")]
    [InlineData("limit=", "limit=: expected a whole number from 1 to ")]
    [InlineData("name=", "name=: expected an FQDN")]
    [InlineData("state=Failed,", "state=: expected one of Pending, ")]
    [InlineData("name=a%0D%0Ab%00", "name=a b: expected an FQDN")]
    [InlineData("state=Good", "state=Good: expected one of Pending, ")]
    [InlineData("state=1", "state=1: expected one of Pending, ")]
    [InlineData("name=-", "name=-: expected an FQDN, or a dot and an FQDN for all names below it")]
    [InlineData("continue=b", "continue=b: expected the value of the Link header of the page before")]
    [InlineData("continue=gone.example.com/A", "continue: the record does not exist any more")]
    public async Task Mistake_IsExplainedInOneLine(string query, string expected)
    {
        using var answer = await _host.SendAsync(HttpMethod.Get, "/status?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var problem = JsonDocument.Parse(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        var detail = problem.RootElement.GetProperty("detail").GetString()!;
        Assert.StartsWith(expected, detail, StringComparison.Ordinal);
        Assert.Equal(detail, UntrustedText.Clean(detail));
    }

    /// <summary>The first labels of the records, the path of the next page, and the document.</summary>
    private async Task<(string Names, string? Next, JsonElement Status)> PageAsync(string path)
    {
        using var answer = await _host.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var status = JsonDocument.Parse(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        var names = status.RootElement.GetProperty("records").EnumerateArray().Select(Label);
        var link = answer.Headers.TryGetValues("Link", out var links) ? links.Single() : null;
        return (string.Join(' ', names), link?.Split('<', '>')[1], status.RootElement.Clone());

        static string Label(JsonElement record) => record.GetProperty("fqdn").GetString()!.Split('.')[0];
    }
}
