using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Informers;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Esddns.Tests.Kubernetes;

/// <summary>List and watch requests, and their retries.</summary>
public sealed class InformerTests : IAsyncDisposable
{
    private const int Watches = 12;
    private readonly SkippingTime _time = new();
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
    private Task _running = Task.CompletedTask;
    private int _lists;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    public static TheoryData<string> Endings => ["ends", "gone", "fails"];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task WatchEndsAtOnce_IsRetriedWithGrowingWaits(string how)
    {
        var gaps = await GapsAsync(how, lasts: TimeSpan.Zero);
        Assert.All(gaps, g => Assert.InRange(g, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(5)));
        Assert.All(gaps.Skip(6), g => Assert.True(g >= TimeSpan.FromSeconds(2.5)));
        Assert.Equal(how == "ends" ? 1 : Watches, _lists);
        // Thousands of nodes can lose their watches at the same time, so the gaps must differ.
        Assert.Equal(gaps.Length, gaps.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task WatchLasted_IsRestartedSoon(string how)
    {
        var gaps = await GapsAsync(how, lasts: TimeSpan.FromMinutes(1));
        Assert.All(gaps, g => Assert.InRange(g, TimeSpan.FromSeconds(60.1), TimeSpan.FromSeconds(60.2)));
    }

    [Fact]
    public async Task FailingList_BacksOff_AndKeepsTheLastObjects()
    {
        var isAway = false;
        var asked = new List<TimeSpan>();
        var events = Channel.CreateUnbounded<WatchEvent<Node>>();
        var informer = CreateInformer(
            new ResourceClient<Node>(
                "Nodes",
                async (_, cancel) =>
                {
                    asked.Add(_time.Elapsed);
                    if (asked.Count > Watches)
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                    return isAway ? throw new HttpRequestException("no route") : Part([Node("a")]);
                },
                (_, _, cancel) => events.Reader.ReadAllAsync(cancel)
            )
        );
        _running = informer.RunAsync(_end.Token);
        await informer.Listed.WaitAsync(Cancel);
        isAway = true;
        events.Writer.Complete(new HttpRequestException("reset"));
        await Eventually.IsTrueAsync(() => asked.Count > Watches);
        Assert.NotNull(informer.Find("a"));
        Assert.Equal("no route", informer.Problem);
        Assert.True(asked[^1] - asked[^2] >= TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task LongList_IsPaged()
    {
        await using var server = await HttpStub.StartAsync(context =>
        {
            var query = context.Request.Query;
            if (query["watch"] == "true")
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            var part = query["continue"].ToString();
            var (name, next) = part switch
            {
                "" => ("a", "second"),
                "second" => ("b", "third"),
                _ => ("c", ""),
            };
            return context.Response.WriteAsJsonAsync(
                new
                {
                    kind = "NodeList",
                    apiVersion = "v1",
                    metadata = new { resourceVersion = "7", @continue = next },
                    items = new[] { new { metadata = new { name } } },
                }
            );
        });
        using var api = new ApiClient(new HttpClient(), server.Url);
        var informer = CreateInformer(ResourceClients.Nodes(api));
        _running = informer.RunAsync(_end.Token);
        await informer.Listed.WaitAsync(Cancel);
        Assert.Equal(["a", "b", "c"], informer.Objects.Select(n => n.Name).Order());
        var lists = server.Requests.Where(r => !r.Contains("watch=true", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, lists.Length);
        Assert.All(lists, l => Assert.Contains("limit=500", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EndlessList_IsAnError()
    {
        var informer = CreateInformer(
            new ResourceClient<Node>(
                "Nodes",
                (_, _) => Task.FromResult(Part([Node("a")], "more")),
                (_, _, _) => throw new InvalidOperationException()
            )
        );
        _running = informer.RunAsync(_end.Token);
        await Eventually.IsTrueAsync(() => informer.Problem is not null);
        Assert.Contains("does not end", informer.Problem, StringComparison.Ordinal);
        Assert.False(informer.Listed.IsCompleted);
    }

    /// <summary>The times between the starts of watches that last for a time and end in one way.</summary>
    private async Task<TimeSpan[]> GapsAsync(string how, TimeSpan lasts)
    {
        var began = Channel.CreateUnbounded<TimeSpan>();
        var left = Watches;
        var informer = CreateInformer(
            new ResourceClient<Node>(
                "Nodes",
                (_, _) =>
                {
                    _lists++;
                    return Task.FromResult(Part([]));
                },
                (_, _, cancel) => WatchAsync(cancel)
            )
        );
        _running = informer.RunAsync(_end.Token);
        var all = await began.Reader.ReadAllAsync(Cancel).ToArrayAsync(Cancel);
        return [.. all.Zip(all.Skip(1), (x, y) => y - x)];

        async IAsyncEnumerable<WatchEvent<Node>> WatchAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            began.Writer.TryWrite(_time.Elapsed);
            if (--left == 0)
                began.Writer.Complete();
            if (left <= 0)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            if (lasts > TimeSpan.Zero)
                await Task.Delay(lasts, _time, cancel);
            if (how == "gone")
                throw new ApiException(HttpStatusCode.Gone, null);
            if (how == "fails")
                throw new HttpRequestException("reset");
            yield break;
        }
    }

    private Informer<Node> CreateInformer(ResourceClient<Node> client) =>
        new(client, _time, new Random(7), NullLogger.Instance);

    private static ObjectList<Node> Part(List<Node> nodes, string? next = null) =>
        new()
        {
            Metadata = new ListMeta { ResourceVersion = "1", Continue = next },
            Items = nodes,
        };

    private static Node Node(string name) =>
        new()
        {
            Metadata = new ObjectMeta { Name = name, ResourceVersion = "1" },
        };
}
