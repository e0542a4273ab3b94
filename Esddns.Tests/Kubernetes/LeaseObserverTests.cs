using System.Text.Json;
using System.Threading.Channels;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Informers;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Tests.Support;
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
    private readonly Channel<WatchEvent<ConfigMap>> _events = Channel.CreateUnbounded<WatchEvent<ConfigMap>>();
    private Lease _lease = Lease("", "1");
    private int _maps;
    private HttpStub _server = null!;
    private ApiClient _api = null!;
    private Informer<ConfigMap> _informer = null!;
    private Task _running = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await HttpStub.StartAsync(context =>
            context.Response.WriteAsync(JsonSerializer.Serialize(_lease, ObjectJson.Default.Lease))
        );
        _api = new ApiClient(new HttpClient(), _server.Url);
        _informer = new Informer<ConfigMap>(
            new ResourceClient<ConfigMap>(
                "ConfigMaps",
                (_, _) =>
                    Task.FromResult(new ObjectList<ConfigMap> { Metadata = new ListMeta { ResourceVersion = "1" } }),
                (_, _, cancel) => _events.Reader.ReadAllAsync(cancel)
            ),
            _time,
            new Random(1),
            NullLogger.Instance
        );
        _running = _informer.RunAsync(_end.Token);
        await _informer.Listed;
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
    public async Task FreeLease_IsReadAtRandomTimesWithinTheRetryPeriod()
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
    public async Task LeaseAcquiredMeanwhile_IsNotReadByOthers()
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
    public async Task HeldLease_IsReadPeriodically_LessOftenWithMoreNodes(int nodes, int least, int most)
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
    public async Task LeaderLeaves_OthersReadTheLeaseSoonAtRandomTimes()
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
    private async Task<Task<Lease?>[]> StartAsync()
    {
        Task<Lease?>[] waiting =
        [
            .. Enumerable
                .Range(0, Candidates)
                .Select(i =>
                    new LeaseObserver(
                        new LeaseLock(_api, _options, _time),
                        new StateAnnotations(_informer, _options),
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
        var map = new ConfigMap
        {
            Metadata = new ObjectMeta
            {
                Name = KubernetesOptions.StateName,
                Namespace = "esddns-system",
                ResourceVersion = $"{++_maps + 1}",
                Annotations = new Dictionary<string, string>
                {
                    [StateAnnotations.LeaderAnnotation] = leader,
                    [StateAnnotations.NodesAnnotation] = $"{nodes}",
                },
            },
        };
        Assert.True(_events.Writer.TryWrite(new(WatchEventType.Modified, map)));
        await Eventually.IsTrueAsync(() =>
            _informer.Objects.Any(o => o.Metadata.ResourceVersion == map.Metadata.ResourceVersion)
        );
    }

    private static Lease Lease(string holder, string version) =>
        new()
        {
            Metadata = new ObjectMeta
            {
                Name = KubernetesOptions.LeaseName,
                Namespace = "esddns-system",
                ResourceVersion = version,
            },
            Spec = new LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 15 },
        };
}
