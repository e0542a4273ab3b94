using System.IO.Compression;
using System.Net;
using Esddns.Tests.Support;

namespace Esddns.Tests.Web;

/// <summary>Bodies that are made once: entity tags and compression.</summary>
public sealed class PreparedTests : IAsyncLifetime
{
    private FakeOperator _operator = null!;
    private WebRun _web = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Many(100)));
        _web = await WebRun.StartAsync(_operator.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _operator.DisposeAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/raw")]
    [InlineData("/api/v1/records")]
    public async Task SameState_HasTheSameTag_AndIsNotSentAgain(string path)
    {
        using var first = await _web.GetAsync(path);
        var tag = first.Headers.ETag!.ToString();
        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
        Assert.Equal("Accept-Encoding", first.Headers.Vary.Single());
        foreach (var held in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            using var second = await _web.GetAsync(path, ("If-None-Match", held));
            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
            Assert.Equal(tag, second.Headers.ETag?.ToString());
            Assert.Empty(await second.Content.ReadAsByteArrayAsync(Cancel));
        }

        using var other = await _web.GetAsync(path, ("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task NewState_HasANewTag()
    {
        var (more, shown) = (new TaskCompletionSource(), 1);
        _operator.Answer = async context =>
        {
            await FakeOperator.SendEventAsync(context, FakeOperator.Event(Statuses.Many(shown)));
            await more.Task;
            await FakeOperator.Stream(FakeOperator.Event(Statuses.Many(2)))(context);
        };
        await using var web = await WebRun.StartAsync(_operator.Url);
        using var first = await web.GetAsync("/api/v1/records");
        more.SetResult();
        await Eventually.IsTrueAsync(async () =>
        {
            using var second = await web.GetAsync("/api/v1/records", ("If-None-Match", first.Headers.ETag!.ToString()));
            return second.StatusCode == HttpStatusCode.OK;
        });
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("br;q=0.0, gzip;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("", null)]
    public async Task Body_IsCompressedAsTheClientAccepts(string accepted, string? encoding)
    {
        using var plain = await _web.GetAsync("/raw");
        using var response = await _web.GetAsync("/raw", ("Accept-Encoding", accepted));
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(encoding is null, plain.Headers.ETag!.Equals(response.Headers.ETag));
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        await using var text =
            encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress)
            : encoding == "gzip" ? new GZipStream(body, CompressionMode.Decompress)
            : body;
        using var reader = new StreamReader(text);
        Assert.Equal(await plain.Content.ReadAsStringAsync(Cancel), await reader.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task SmallBody_IsNotCompressed()
    {
        using var response = await _web.GetAsync("/api/v1/status", ("Accept-Encoding", "br"));
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task ManyDifferentQueries_KeepTheAnswersRight()
    {
        for (var i = 0; i < 600; i++)
        {
            using var response = await _web.GetAsync($"/api/v1/records?name=r{i % 100}.&limit={1 + (i % 300)}");
            var text = await response.Content.ReadAsStringAsync(Cancel);
            Assert.Contains($"\"r{i % 100}.example.com\"", text, StringComparison.Ordinal);
        }
    }
}
