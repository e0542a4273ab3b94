using System.Net;
using System.Text.Json;

namespace Esddns.Tests.Web;

/// <summary>The web service with one status of a fake operator.</summary>
internal sealed class ApiRun : IAsyncDisposable
{
    private readonly FakeOperator _operator;

    private ApiRun(FakeOperator @operator, WebRun web) => (_operator, Web) = (@operator, web);

    /// <summary>The web service.</summary>
    public WebRun Web { get; }

    /// <summary>Starts both.</summary>
    public static async Task<ApiRun> StartAsync(string status)
    {
        var @operator = await FakeOperator.StartAsync(FakeOperator.Status(status));
        var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        return new ApiRun(@operator, web);
    }

    /// <summary>The JSON of a path below <c>/api/v1</c>.</summary>
    public async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await Web.GetAsync("/api/v1/" + path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.TextAsync()).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        await _operator.DisposeAsync();
    }
}
