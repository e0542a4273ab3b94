using System.Threading.Channels;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Informers;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Esddns.Tests.Kubernetes;

/// <summary>Many candidates for one Lease: when it expires, they do not all query the API server at once.</summary>
public sealed class LeaseObserverTests : IAsyncLifetime
{
    private const int Candidates = 40;
    private readonly CountedTime _time = new();
    private readonly KubernetesOptions _options = new()
    {
        Namespace = "esddns-system",
        PodName = "pod",
        NodeName = "node",
    };
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken
    );
    private readonly Channel<(WatchEventType, V1ConfigMap)> _events = Channel.CreateUnbounded<(
        WatchEventType,
        V1ConfigMap
    )>();
    private V1Lease _lease = Lease("", "1");
    private int _maps;
    private HttpStub _server = null!;
    private k8s.Kubernetes _api = null!;
    private Informer<V1ConfigMap> _cache = null!;
    private Task _running = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await HttpStub.StartAsync(context => context.Response.WriteAsync(KubernetesJson.Serialize(_lease)));
        _api = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = _server.Url.ToString() });
        _cache = new Informer<V1ConfigMap>(
            new ResourceClient<V1ConfigMap>(
                "ConfigMaps",
                (_, _) => Task.FromResult(new ListPage<V1ConfigMap>([], "1")),
                (_, _, _, cancel) => _events.Reader.ReadAllAsync(cancel)
            ),
            _time,
            new Random(1),
            NullLogger.Instance
        );
        _running = _cache.RunAsync(_end.Token);
        await _cache.Listed;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task LeaseThatIsFree_IsAskedAboutOverTheWholeRetryPeriod()
    {
        var waiting = await StartAsync();
        _time.Advance(_options.RetryPeriod / 2);
        await Eventually.IsTrueAsync(() => _server.Requests.Count >= Candidates * 5 / 4);
        Assert.True(_server.Requests.Count <= Candidates * 7 / 4);
        _time.Advance(_options.RetryPeriod / 2);
        await Task.WhenAll(waiting);
        Assert.Equal(Candidates * 2, _server.Requests.Count);
    }

    [Fact]
    public async Task LeaseThatIsTakenMeanwhile_IsNotAskedAboutByTheOthers()
    {
        var waiting = await StartAsync();
        _lease = Lease("other_node", "2");
        await PublishAsync("other_node");
        _time.Advance(_options.RetryPeriod * 0.999);
        Assert.Equal(Candidates, _server.Requests.Count);
        Assert.All(waiting, w => Assert.False(w.IsCompleted));

        // The holder stops renewing, so the Lease expires.
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(_options.RetryPeriod / 4);
            return waiting.All(w => w.IsCompletedSuccessfully);
        });
    }

    [Theory]
    [InlineData(3, 8, 28)]
    [InlineData(5000, 3, 9)]
    public async Task LeaseThatIsHeld_IsReadNowAndThen_MoreRarelyTheMoreNodesThereAre(int nodes, int least, int most)
    {
        _lease = Lease("other_node", "2");
        await PublishAsync("other_node", nodes);
        var waiting = await StartAsync();
        for (var second = 1; second <= 60; second++)
        {
            _lease = Lease("other_node", $"{second + 2}");
            _time.Advance(TimeSpan.FromSeconds(1));
            await AllWaitAsync();
        }

        Assert.InRange((_server.Requests.Count - Candidates) / (double)Candidates, least, most);
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
    }

    [Fact]
    public async Task LeaderThatLeaves_IsSucceededBeforeItsLeaseEnds_AndNotAllAskAtOnce()
    {
        _lease = Lease("other_node", "2");
        await PublishAsync("other_node");
        var waiting = await StartAsync();
        _lease = Lease("", "3");
        var left = _time.GetUtcNow();
        await PublishAsync("");
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            return waiting.All(w => w.IsCompletedSuccessfully);
        });
        Assert.InRange(_time.GetUtcNow() - left, _options.RetryPeriod / 2, _options.LeaseDuration / 2);
        Assert.Equal(Candidates * 2, _server.Requests.Count);
    }

    /// <summary>Starts all observers and waits until each has read the Lease.</summary>
    private async Task<Task<V1Lease?>[]> StartAsync()
    {
        Task<V1Lease?>[] waiting =
        [
            .. Enumerable
                .Range(0, Candidates)
                .Select(i =>
                    new LeaseObserver(
                        new LeaseLock(_api, _options, _time),
                        new PublishedState(_cache, _options),
                        _options,
                        _time,
                        new Random(i)
                    ).WaitAsync(_end.Token)
                ),
        ];
        await AllWaitAsync();
        return waiting;
    }

    private Task AllWaitAsync() => Eventually.IsTrueAsync(() => _time.Waiting == Candidates);

    private async Task PublishAsync(string leader, int nodes = 3)
    {
        var map = new V1ConfigMap
        {
            Metadata = new V1ObjectMeta
            {
                Name = KubernetesOptions.StateName,
                NamespaceProperty = "esddns-system",
                ResourceVersion = $"{++_maps + 1}",
                Annotations = new Dictionary<string, string>
                {
                    [PublishedState.LeaderAnnotation] = leader,
                    [PublishedState.NodesAnnotation] = $"{nodes}",
                },
            },
        };
        Assert.True(_events.Writer.TryWrite((WatchEventType.Modified, map)));
        await Eventually.IsTrueAsync(() => _cache.Objects.Any(o => o.ResourceVersion() == map.ResourceVersion()));
    }

    private static V1Lease Lease(string holder, string version) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = KubernetesOptions.LeaseName,
                NamespaceProperty = "esddns-system",
                ResourceVersion = version,
            },
            Spec = new V1LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 15 },
        };
}
