using System.Diagnostics;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Informers;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Kubernetes;

/// <summary>The state on a real API server: a leader of an earlier term cannot change it.</summary>
public sealed class ClusterStateTests(KubeApi api) : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private KubeNamespace _namespace = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _namespace = await api.NamespaceAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task LeaderOfAnEarlierTerm_CannotWrite()
    {
        using var first = State();
        using var second = State();
        using var old = Term(1);
        using var current = Term(2);
        await first.TakeOverAsync(old);
        Assert.True(await KeepAsync(first, "first"));
        Assert.Equal("first", (await second.TakeOverAsync(current))!.By);
        Assert.True(await KeepAsync(second, "second"));
        for (var i = 0; i < 3; i++)
        {
            Assert.False(await KeepAsync(first, "first again"));
            Assert.Contains("a later leader has written it", first.Problem, StringComparison.Ordinal);
            Assert.Equal("second", StateContent.Read(await MapAsync())!.By);
        }

        Assert.True(await KeepAsync(second, "second again"));
        // In a new term it can write again, and its health check passes.
        using var next = Term(3);
        Assert.Equal("second again", (await first.TakeOverAsync(next))!.By);
        Assert.Null(first.Problem);
        Assert.True(await KeepAsync(first, "first once more"));
        Assert.False(await KeepAsync(second, "too late"));
    }

    /// <summary>A state that grows and shrinks is stored once, with or without compression.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LargeState_IsCompressed(bool isFirst)
    {
        using var state = State(limit: 3000);
        using var term = Term(1);
        await state.TakeOverAsync(term);
        if (!isFirst)
            Assert.True(await KeepAsync(state, "small"));
        Assert.True(await KeepAsync(state, new string('x', 5000)));
        var map = await MapAsync();
        Assert.Null(map.Data);
        Assert.Equal(["status.gz"], map.BinaryData!.Keys);
        using var successor = State();
        using var next = Term(2);
        Assert.Equal(5000, (await successor.TakeOverAsync(next))!.By.Length);
        Assert.True(await KeepAsync(successor, "small again"));
        map = await MapAsync();
        Assert.Null(map.BinaryData);
        Assert.Equal("small again", StateContent.Read(map)!.By);
    }

    [Fact]
    public async Task TenThousandRecords_AreTakenOverCompletely()
    {
        using var state = State();
        using var term = Term(1);
        await state.TakeOverAsync(term);
        var records = RecordStates.Of(
            Enumerable
                .Range(0, 10_000)
                .Select(i => new RecordState(Fqdn.Parse($"host-{i}.example.com"), RecordType.A)
                {
                    WantedBy = $"DynamicRecord team/record-{i}",
                    Ours = AddressSet.Of(new System.Net.IPAddress([198, 18, (byte)(i >> 8), (byte)i])),
                    LastWritten = DateTimeOffset.UnixEpoch.AddTicks(i * 7_919_999L),
                })
        );
        Assert.True(await state.SaveAsync(Snapshot.Empty with { Records = records }, Cancel));
        Assert.DoesNotContain(records, r => state.IsUnstored(r.Id));
        using var successor = State();
        using var next = Term(2);
        var found = (await successor.TakeOverAsync(next))!.Records;
        Assert.Equal(records.Select(r => (r.Id, r.Ours)), found.Select(r => (r.Id, r.Ours)));
    }

    /// <summary>Newer times do not write an object of a megabyte each round; a new term always writes.</summary>
    [Fact]
    public async Task NewerTimes_ArePublishedOnceInFourMinutes()
    {
        using var state = State();
        using var term = Term(1);
        await state.TakeOverAsync(term);
        Assert.True(await KeepAsync(state, "first"));
        var (same, newer) = (Snapshot.Empty with { By = "first", Round = 1 }, Snapshot.Empty with { By = "second" });
        Assert.True(state.IsPersisted(same));
        Assert.False(state.IsPersisted(newer));
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.False(state.IsPersisted(same));
        Assert.True(await KeepAsync(state, "first"));
        Assert.True(state.IsPersisted(same));
        using var next = Term(2);
        await state.TakeOverAsync(next);
        Assert.False(state.IsPersisted(same));
    }

    /// <summary>A foreign annotation stays, and does not block writes.</summary>
    [Fact]
    public async Task ForeignAnnotation_IsKept_AndTheStateIsStillWritten()
    {
        using var state = State();
        using var term = Term(1);
        await state.TakeOverAsync(term);
        Assert.True(await KeepAsync(state, "first"));
        var asked = new { metadata = new { annotations = new { asked = "yes" } } };
        await _namespace.Admin.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch(asked, V1Patch.PatchType.MergePatch),
            KubernetesOptions.StateName,
            _namespace.Name,
            cancellationToken: Cancel
        );
        Assert.True(await KeepAsync(state, "second"));
        var map = await MapAsync();
        Assert.Equal(("second", "yes"), (StateContent.Read(map)!.By, map.GetAnnotation("asked")));
    }

    /// <summary>A deleted Lease restarts its term counter at 1.</summary>
    [Fact]
    public async Task LeaseDeleted_NextLeaderWrites_PreviousCannot()
    {
        using var first = State();
        using var second = State();
        using var old = Term(57);
        using var current = Term(1);
        await first.TakeOverAsync(old);
        Assert.True(await KeepAsync(first, "first"));
        await second.TakeOverAsync(current);
        Assert.True(await KeepAsync(second, "second"));
        Assert.False(await KeepAsync(first, "first again"));
        Assert.True(await KeepAsync(second, "second again"));
    }

    /// <summary>The leader was suspended after its election, so the state can be that of its successor.</summary>
    [Fact]
    public async Task TakeOver_TermExpired_IsCanceled()
    {
        using var state = State();
        using var term = Term(1);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => state.TakeOverAsync(term));
    }

    /// <summary>Every pod watches the annotations; only pods that need the whole state read it.</summary>
    [Fact]
    public async Task Annotations_AreWatchedWithoutTheState_AndNameTheLeader()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var options = Options();
        var informer = new Informer<ConfigMap>(
            ResourceClients.ConfigMapMetadata(_namespace.Client, _namespace.Name, KubernetesOptions.StateName),
            TimeProvider.System,
            new Random(1),
            NullLogger.Instance
        );
        var running = informer.RunAsync(end.Token);
        var published = new StateAnnotations(informer, options);
        await informer.Listed;
        Assert.Equal((null, null), (published.Map, published.Leader));

        using var state = State();
        using var term = Term(1);
        await state.TakeOverAsync(term);
        NodeView seen = new(System.Net.IPAddress.Parse("203.0.113.10"), 5000, ["n1"]);
        await state.SaveAsync(Snapshot.Empty with { Nodes = [seen] }, Cancel);
        await Eventually.IsTrueAsync(() => published.Leader == options.Identity);
        Assert.Null(published.Map!.Data);
        var (second, minute) = (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromSeconds(50), published.Share(TimeSpan.FromMilliseconds(10), second, minute));

        await state.LeaveAsync(Cancel);
        await Eventually.IsTrueAsync(() => published.Leader is null);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Leave_ByAFormerLeader_DoesNotChangeTheAnnotations()
    {
        using var first = State();
        using var second = State("other");
        using var old = Term(1);
        using var current = Term(2);
        await first.TakeOverAsync(old);
        Assert.True(await KeepAsync(first, "first"));
        await second.TakeOverAsync(current);
        Assert.True(await KeepAsync(second, "second"));
        await Assert.ThrowsAsync<ApiException>(() => first.LeaveAsync(Cancel));
        Assert.Equal("other_node", (await MapAsync()).GetAnnotation(StateAnnotations.LeaderAnnotation));
    }

    private ClusterState State(string pod = "pod", int limit = 1_000_000) =>
        new(
            _namespace.Client,
            Options(pod),
            new StateSizeLimit(limit),
            () => throw new UnreachableException(),
            _time,
            NullLogger<ClusterState>.Instance
        );

    private KubernetesOptions Options(string pod = "pod") =>
        new()
        {
            Namespace = _namespace.Name,
            PodName = pod,
            NodeName = "node",
        };

    private LeadershipTerm Term(int number) =>
        new(
            number,
            Operator.Kubernetes.Leadership.LeadershipTerm.ClockReading.Now(_time),
            TimeSpan.FromSeconds(10),
            _time
        );

    private static Task<bool> KeepAsync(ClusterState state, string by) =>
        state.SaveAsync(Snapshot.Empty with { By = by }, Cancel);

    private Task<ConfigMap> MapAsync() =>
        _namespace.Client.GetAsync(Resources.ConfigMaps, _namespace.Name, KubernetesOptions.StateName, Cancel);
}
