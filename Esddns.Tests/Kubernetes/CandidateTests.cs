using System.Threading.Channels;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Watching;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Kubernetes;

/// <summary>Many that wait for one Lease: when it is free, they do not all ask the API server at once.</summary>
public sealed class CandidateTests : IAsyncLifetime
{
    private const int Candidates = 40;
    private readonly FakeTimeProvider _time = new();
    private readonly KubernetesOptions _options =
        new() { Namespace = "esddns-system", PodName = "pod", NodeName = "node" };
    private readonly CancellationTokenSource _end =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Channel<(WatchEventType, V1Lease)> _events = Channel.CreateUnbounded<(WatchEventType, V1Lease)>();
    private readonly Random _random = new(1);
    private V1Lease _lease = Lease("", "1");
    private HttpStub _server = null!;
    private k8s.Kubernetes _api = null!;
    private ObjectCache<V1Lease> _cache = null!;
    private Task _running = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await HttpStub.StartAsync(context => context.Response.WriteAsync(KubernetesJson.Serialize(_lease)));
        _api = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = _server.Url.ToString() });
        _cache = new ObjectCache<V1Lease>(
            new ResourceKind<V1Lease>(
                "Leases",
                (_, _) => Task.FromResult(new ListPage<V1Lease>([_lease], "1")),
                (_, _, _, cancel) => _events.Reader.ReadAllAsync(cancel)),
            _time, _random, NullLogger.Instance);
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
        var waiting = Start();
        _time.Advance(_options.RetryPeriod / 2);
        await Eventually.IsTrueAsync(() => _server.Requests.Count >= Candidates / 4);
        Assert.True(_server.Requests.Count <= Candidates * 3 / 4);
        _time.Advance(_options.RetryPeriod / 2);
        await Task.WhenAll(waiting);
        Assert.Equal(Candidates, _server.Requests.Count);
    }

    [Fact]
    public async Task LeaseThatIsTakenMeanwhile_IsNotAskedAboutByTheOthers()
    {
        var waiting = Start();
        _lease = Lease("other_node", "2");
        var seen = _cache.NextChange();
        Assert.True(_events.Writer.TryWrite((WatchEventType.Modified, _lease)));
        await seen;
        _time.Advance(_options.RetryPeriod);
        _time.Advance(_options.RetryPeriod);
        Assert.Empty(_server.Requests);
        Assert.All(waiting, w => Assert.False(w.IsCompleted));

        // Its holder falls silent: then it is free again.
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(_options.RetryPeriod / 4);
            return waiting.All(w => w.IsCompletedSuccessfully);
        });
    }

    private Task<V1Lease?>[] Start() =>
    [
        .. Enumerable.Range(0, Candidates).Select(i =>
            new Candidate(new LeaseLock(_api, _options, _time), _cache, _options, _time, new Random(i))
                .WaitAsync(_end.Token)),
    ];

    private static V1Lease Lease(string holder, string version) => new()
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
