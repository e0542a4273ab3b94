using System.IO.Compression;
using System.Net;
using Esddns.Tests.Support;
using Esddns.Web.Prepared;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Web;

/// <summary>Prepared answers: entity tags, compression, and limits.</summary>
public sealed class PreparedTests
{
    /// <summary>More than 1 KB, so that it is compressed.</summary>
    private static readonly string s_large = FakeOperator
        .Json(record: $",\"href\":\"{new string('x', 290)}\"")
        .Replace(
            "\"signs\":[]",
            $"\"signs\":[{string.Join(',', Enumerable.Repeat("\"a sign of a proxy\"", 99))}]",
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("/raw")]
    [InlineData("/api/v1/status")]
    [InlineData("/")]
    public async Task SameStatus_WithTheTag_Is304WithTheSameTag(string path)
    {
        await using var run = await ApiRun.StartAsync(FakeOperator.Json());
        using var first = await run.Web.GetAsync(path);
        Assert.False(first.Headers.ETag!.IsWeak);
        Assert.Equal(
            ("no-cache", "Accept-Encoding"),
            (first.Headers.CacheControl?.ToString(), first.Headers.Vary.Single())
        );
        var tag = first.Headers.ETag.ToString();
        foreach (var known in new[] { tag, $"\"other\", {tag}", "W/" + tag, "*" })
        {
            using var again = await run.Web.GetAsync(path, ("If-None-Match", known));
            Assert.Equal((HttpStatusCode.NotModified, tag), (again.StatusCode, again.Headers.ETag?.ToString()));
            Assert.Empty(await again.BytesAsync());
        }

        using var differs = await run.Web.GetAsync(path, ("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, differs.StatusCode);
    }

    [Fact]
    public async Task NewStatus_HasANewTagAndBody()
    {
        var next = new TaskCompletionSource();
        await using var @operator = await FakeOperator.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await FakeOperator.SendAsync(context, FakeOperator.Event(FakeOperator.Json()));
            await next.Task.WaitAsync(context.RequestAborted);
            await FakeOperator.Stream(FakeOperator.Event(FakeOperator.Json("198.51.100.7")))(context);
        });
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        using var first = await web.GetAsync("/raw");
        var tag = first.Headers.ETag!.ToString();
        next.SetResult();
        await Eventually.IsTrueAsync(async () =>
        {
            using var later = await web.GetAsync("/raw", ("If-None-Match", tag));
            return later.StatusCode == HttpStatusCode.OK;
        });
        Assert.Equal("198.51.100.7", await web.AddressAsync());
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, br;q=0", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("", null)]
    public async Task Compression_IsTheBestThatTheClientAccepts_AndHasItsOwnTag(string accepted, string? coding)
    {
        await using var run = await ApiRun.StartAsync(s_large);
        using var plain = await run.Web.GetAsync("/api/v1/addresses");
        using var answer = await run.Web.GetAsync("/api/v1/addresses", ("Accept-Encoding", accepted));
        Assert.Equal(coding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(coding is null, plain.Headers.ETag!.Equals(answer.Headers.ETag));
        using var body = new MemoryStream(await answer.BytesAsync());
        using Stream text = coding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(text);
        Assert.Equal(await plain.TextAsync(), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ManyDifferentRequests_KeepABoundedNumberOfBodies()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(FakeOperator.Json()));
        PreparedBodies? bodies = null;
        await using var web = await WebRun.StartAsync(
            @operator.Url,
            services: s => s.AddSingleton(p => bodies = ActivatorUtilities.CreateInstance<PreparedBodies>(p))
        );
        await web.FollowsAsync();
        for (var i = 0; i < PreparedBodies.MaxBodies + 10; i++)
        {
            using var answer = await web.GetAsync($"/api/v1/records?name={i}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.NotNull(bodies);
        Assert.Equal(PreparedBodies.MaxBodies, bodies.Count);
    }
}
