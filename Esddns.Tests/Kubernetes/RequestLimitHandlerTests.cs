using System.Net;
using System.Net.Http.Headers;
using Esddns.Operator.Kubernetes;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Kubernetes;

/// <summary>Requests to an API server that is busy or does not answer.</summary>
public sealed class RequestLimitHandlerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();
    private readonly HttpMessageInvoker _client;
    private int _asked;

    public RequestLimitHandlerTests() =>
        _client = new HttpMessageInvoker(new RequestLimitHandler(_time) { InnerHandler = new Server(this) });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Throttled_WaitsForRetryAfter_AndRetries()
    {
        Answer(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(3));
        Answer(HttpStatusCode.OK);
        var sent = SendAsync();
        await Eventually.IsTrueAsync(() => _asked == 1);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        using var answer = await sent;
        Assert.Equal((HttpStatusCode.OK, 2), (answer.StatusCode, _asked));
    }

    [Fact]
    public async Task ThrottledRepeatedly_ReturnsTheAnswerToTheCaller()
    {
        for (var i = 0; i < 5; i++)
            Answer(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1));
        var sent = SendAsync();
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return sent.IsCompleted;
        });
        using var answer = await sent;
        Assert.Equal((HttpStatusCode.TooManyRequests, 4), (answer.StatusCode, _asked));
    }

    [Fact]
    public async Task NoAnswer_FailsAfterTenSecondsWithAMessage()
    {
        _answers.Enqueue(async cancel =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            throw new InvalidOperationException("the wait is too long for a test");
        });
        var sent = SendAsync();
        await Eventually.IsTrueAsync(() => _asked == 1);
        _time.Advance(TimeSpan.FromSeconds(10.1));
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => sent);
        Assert.Equal("The API server did not answer GET /api within 10 s", e.Message);
    }

    private void Answer(HttpStatusCode status, TimeSpan? retryAfter = null) =>
        _answers.Enqueue(_ =>
        {
            var answer = new HttpResponseMessage(status);
            if (retryAfter is { } wait)
                answer.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
            return Task.FromResult(answer);
        });

    private async Task<HttpResponseMessage> SendAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://cluster/api");
        return await _client.SendAsync(request, Cancel);
    }

    private sealed class Server(RequestLimitHandlerTests test) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            test._asked++;
            return test._answers.Dequeue()(cancellationToken);
        }
    }
}
