using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Esddns.Tests.Kubernetes;

/// <summary>The requests of the client, and how it reads the answers.</summary>
public sealed class ApiClientTests : IAsyncLifetime
{
    private const string MetadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private const string Map = """{"kind": "ConfigMap", "metadata": {"name": "a", "resourceVersion": "7"}}""";
    private readonly List<(string Accept, string? Type, string Body)> _asked = [];
    private (int Status, string Body) _answer = (200, Map);
    private HttpStub _server = null!;
    private ApiClient _api = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await HttpStub.StartAsync(AnswerAsync);
        _api = new ApiClient(new HttpClient(), new Uri(_server.Url, "/clusters/one"));
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Get_KeepsThePathOfTheServerUrl()
    {
        var map = await _api.GetAsync(Resources.ConfigMaps, "team", "a", Cancel);
        Assert.Equal(("a", "7"), (map.Name, map.Metadata.ResourceVersion));
        Assert.Equal(["GET /clusters/one/api/v1/namespaces/team/configmaps/a"], _server.Requests);
    }

    [Fact]
    public async Task MetadataOnly_RequestsPartialObjects()
    {
        _answer = (200, """{"metadata": {"resourceVersion": "7"}, "items": null}""");
        await _api.ListAsync(Resources.ConfigMapMetadata, "team", new ListQuery(), Cancel);
        _answer = (200, Map);
        await _api.GetAsync(Resources.ConfigMapMetadata, "team", "a", Cancel);
        Assert.Equal(
            [MetadataOnly.Replace("Metadata;", "MetadataList;", StringComparison.Ordinal), MetadataOnly],
            _asked.Select(a => a.Accept)
        );
    }

    [Fact]
    public async Task Patch_HasItsContentTypeAndFieldManager()
    {
        var fields = new JsonObject
        {
            ["data"] = new JsonObject { ["text"] = "a \"b\"", ["gone"] = null },
        };
        await PatchAsync(Patch.Merge(fields));
        await PatchAsync(Patch.Json(new JsonObject { ["op"] = "test" }));
        await PatchAsync(Patch.Apply(new JsonObject { ["kind"] = "ConfigMap" }, "me"));
        const string path = "PATCH /clusters/one/api/v1/namespaces/team/configmaps/a";
        Assert.Equal([path, path, path + "?fieldManager=me&force=true"], _server.Requests);
        Assert.Equal(
            [
                ("application/merge-patch+json", """{"data":{"text":"a \"b\"","gone":null}}"""),
                ("application/json-patch+json", """[{"op":"test"}]"""),
                ("application/apply-patch+yaml", """{"kind":"ConfigMap"}"""),
            ],
            _asked.Select(a => (a.Type!, a.Body))
        );
    }

    /// <summary>The API server accepts Lease times only with six decimal places, and other times without any.</summary>
    [Fact]
    public async Task Create_FormatsTimesForTheServer_AndOmitsUnsetFields()
    {
        _answer = (200, """{"metadata": {"name": "a"}, "spec": {"renewTime": "2026-01-31T12:00:00.123456Z"}}""");
        var at = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc);
        var metadata = new ObjectMeta { Name = "a", Namespace = "team" };
        var lease = new Lease
        {
            Metadata = metadata,
            Spec = new LeaseSpec { RenewTime = at },
        };
        var made = await _api.CreateAsync(Resources.Leases, lease, Cancel);
        Assert.Equal(at.AddMicroseconds(123456), made.Spec.RenewTime);
        await _api.CreateAsync(Resources.Events, new Event { Metadata = metadata, LastTimestamp = at }, Cancel);
        Assert.Equal(
            [
                """{"spec":{"renewTime":"2026-01-31T12:00:00.000000Z"},"metadata":{"name":"a","namespace":"team"}}""",
                """{"lastTimestamp":"2026-01-31T12:00:00Z","metadata":{"name":"a","namespace":"team"}}""",
            ],
            _asked.Select(a => a.Body)
        );
    }

    [Theory]
    [InlineData("""{"kind": "Status", "message": "no such thing", "code": 404}""", "404: no such thing")]
    [InlineData("<html>", "the API server answered 404")]
    [InlineData("", "the API server answered 404")]
    public async Task Refusal_HasStatusAndServerMessage(string body, string message)
    {
        _answer = (404, body);
        var e = await Assert.ThrowsAsync<ApiException>(() => _api.GetAsync(Resources.Nodes, null, "a", Cancel));
        Assert.Equal((HttpStatusCode.NotFound, message), (e.StatusCode, e.Explain()));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("null")]
    public async Task InvalidAnswer_IsAFailedRequest(string body)
    {
        _answer = (200, body);
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => _api.GetAsync(Resources.Nodes, null, "a", Cancel));
        Assert.Contains("cannot be read", e.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_ReturnsEachLine_AndEndsWithTheStream()
    {
        _answer = (
            200,
            """
            {"type": "ADDED", "object": {"metadata": {"name": "a", "resourceVersion": "8"}}}

            {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "9"}}}
            {"type": "DELETED", "object": {"metadata": {"name": "a", "resourceVersion": "10"}}}
            {"type": "ADDED", "object": {"meta
            """
        );
        var events = await WatchAsync();
        Assert.Equal(
            [(WatchEventType.Added, "8"), (WatchEventType.Bookmark, "9"), (WatchEventType.Deleted, "10")],
            events.Select(e => (e.Type, e.Object.Metadata.ResourceVersion))
        );
        Assert.Equal(
            "GET /clusters/one/api/v1/nodes?resourceVersion=7&allowWatchBookmarks=true&watch=true&timeoutSeconds=300",
            Assert.Single(_server.Requests)
        );
    }

    [Fact]
    public async Task Watch_OfACompactedVersion_IsGone()
    {
        _answer = (
            200,
            """{"type": "ERROR", "object": {"kind": "Status", "message": "too old", "code": 410}}""" + "\n"
        );
        var e = await Assert.ThrowsAsync<ApiException>(WatchAsync);
        Assert.Equal((HttpStatusCode.Gone, "410: too old"), (e.StatusCode, e.Message));
    }

    [Fact]
    public async Task Watch_LineTooLong_Throws()
    {
        _answer = (200, new string(' ', LineReader.MaxLength + 100_000));
        var e = await Assert.ThrowsAsync<IOException>(WatchAsync);
        Assert.Contains("longer than 8 MiB", e.Message, StringComparison.Ordinal);
    }

    private Task<ConfigMap> PatchAsync(Patch patch) =>
        _api.PatchAsync(Resources.ConfigMaps, "team", "a", patch, Cancel);

    private async Task<WatchEvent<Node>[]> WatchAsync()
    {
        var query = new ListQuery { ResourceVersion = "7", TimeoutSeconds = 300 };
        return await _api.WatchAsync(Resources.Nodes, null, query, Cancel).ToArrayAsync(Cancel);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(Cancel);
        _asked.Add((context.Request.Headers.Accept.ToString(), context.Request.ContentType, body));
        context.Response.StatusCode = _answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(_answer.Body, Cancel);
    }
}
