using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Credentials;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Kubernetes;

/// <summary>The rate, number and duration of reads of Secrets.</summary>
public sealed class SecretWatchTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _term = new();
    private HttpStub _server = null!;
    private ApiClient _api = null!;
    private SecretTokens _tokens = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await HttpStub.StartAsync(403, """{"kind": "Status", "message": "forbidden"}""");
        _api = new ApiClient(new HttpClient(), _server.Url);
        var options = new KubernetesOptions
        {
            Namespace = "esddns",
            PodName = "pod",
            NodeName = "node",
        };
        var backoff = new Backoff<HostedZone>(new RetryDelay(new LoopOptions(), new Random(1)), _time);
        _tokens = new SecretTokens(
            _api,
            options,
            new ReconcileTrigger(_time),
            backoff,
            _time,
            new Random(1),
            NullLoggerFactory.Instance
        );
        await _tokens.StartAsync(_term.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _term.CancelAsync();
        _term.Dispose();
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task UnreadableSecret_IsReadWithGrowingWaits()
    {
        _tokens.RetainOnly([Request("team", "mine")]);
        await ReadAsync("team/mine#api-key");
        await AdvanceAsync(minutes: 20);
        // The wait doubles up to two minutes, and jitter can halve it: at most 30 requests in twenty minutes.
        Assert.InRange(_server.Requests.Count, 5, 30);
    }

    [Fact]
    public async Task UnusedSecret_IsNotReadAgain()
    {
        _tokens.RetainOnly([Request("team", "mine")]);
        await ReadAsync("team/mine#api-key");
        _tokens.RetainOnly([]);
        await HasNoRequestsAsync();
    }

    [Fact]
    public async Task TermEnds_AllWatchesEnd()
    {
        _tokens.RetainOnly([Request("team", "mine"), Request("other", "mine")]);
        await ReadAsync("team/mine#api-key");
        await ReadAsync("other/mine#api-key");
        await _term.CancelAsync();
        await HasNoRequestsAsync();
        Assert.Null(_tokens.Find("team/mine#api-key", out var problem));
        Assert.Contains("not the leader", problem, StringComparison.Ordinal);
        await HasNoRequestsAsync();
    }

    [Fact]
    public async Task SecretsOfOneNamespace_AreBounded_OthersAreNotAffected()
    {
        var requests = Enumerable.Range(0, 300).Select(i => Request("team", $"secret-{i}"));
        _tokens.RetainOnly([.. requests, Request("other", "mine")]);
        for (var i = 0; i < 300; i++)
            _tokens.Find($"team/secret-{i}#api-key", out _);
        await ReadAsync("other/mine#api-key");
        await ReadAsync("team/secret-0#api-key");
        Assert.Null(_tokens.Find("team/secret-200#api-key", out var problem));
        Assert.Contains("more than 10 Secrets are named in team", problem, StringComparison.Ordinal);
        await AdvanceAsync(minutes: 1);
        Assert.Equal(
            SecretTokens.MaxOfNamespace,
            _server.Requests.Where(r => r.Contains("/team/", StringComparison.Ordinal)).Distinct().Count()
        );
    }

    [Fact]
    public async Task SecretsOfManyNamespaces_DoNotKeepOutAnotherNamespace()
    {
        var many =
            from space in Enumerable.Range(0, SecretTokens.Max / SecretTokens.MaxOfNamespace)
            from secret in Enumerable.Range(0, SecretTokens.MaxOfNamespace)
            select Request($"team-{space}", $"secret-{secret}");
        _tokens.RetainOnly([.. many, Request("other", "mine")]);
        await ReadAsync("other/mine#api-key");
    }

    private static RecordRequest Request(string @namespace, string secret)
    {
        var zone = DomainName.Parse("example.com");
        var record = new DesiredRecord(
            Fqdn.Parse("app.example.com"),
            zone,
            OwnerName.Parse("app"),
            RecordType.A,
            300,
            RecordPolicy.Merge
        )
        {
            Credentials = $"{@namespace}/{secret}#api-key",
        };
        return new RecordRequest(
            new DynamicRecord
            {
                Metadata = new ObjectMeta { Namespace = @namespace, Uid = $"{@namespace}-{secret}" },
            },
            [record]
        );
    }

    private Task ReadAsync(string name) =>
        Eventually.IsTrueAsync(() =>
        {
            Assert.Null(_tokens.Find(name, out var problem));
            return problem!.Contains("forbidden", StringComparison.Ordinal);
        });

    private async Task AdvanceAsync(int minutes)
    {
        for (var second = 0; second < minutes * 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private async Task HasNoRequestsAsync()
    {
        await AdvanceAsync(minutes: 1);
        var asked = _server.Requests.Count;
        await AdvanceAsync(minutes: 5);
        Assert.Equal(asked, _server.Requests.Count);
    }
}
