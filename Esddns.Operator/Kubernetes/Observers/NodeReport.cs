using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Operator.Discovery;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Observers;

/// <summary>One answer of one source, as a node passes it on.</summary>
internal sealed record ReportedAnswer(string Source, EvidenceClass Class, string Operator, string Address);

/// <summary>The JSON of a report.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ReportedAnswer[]))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>
/// Tells the leader what this node sees, in the annotations of a Lease of its own: written when the address changes and
/// as a heartbeat, so that five thousand nodes make no more than some seventeen small writes a second. A report that
/// fails is repeated by itself, ever more rarely, up to five times a heartbeat; it holds no round up, and makes none.
/// </summary>
internal sealed class NodeReport(
    ApiClient api,
    KubernetesOptions options,
    ReconcileTrigger trigger,
    Random random,
    TimeProvider time,
    ILogger<NodeReport> logger
) : BackgroundService, IObservationPublisher
{
    /// <summary>The label of all reports.</summary>
    public const string Selector = "esddns.io/report=node";

    /// <summary>Before the family's name: the address that the node agrees on.</summary>
    public const string AddressAnnotation = "esddns.io/";

    /// <summary>The answers that it rests on.</summary>
    public const string ObservationsAnnotation = "esddns.io/observations";

    private readonly RetryWait _retry = new(TimeSpan.FromSeconds(1), options.Heartbeat / 5);
    private readonly SemaphoreSlim _due = new(0, 1);
    private volatile Report? _newest;
    private volatile LastReport? _told;

    /// <summary>The name of a node's report.</summary>
    public static string NameOf(string node) => $"esddns-{node}";

    /// <inheritdoc/>
    public Task ReportAsync(ImmutableArray<WanState> wan, CancellationToken cancellationToken)
    {
        var before = _newest;
        var essence = string.Join(',', wan.Select(w => $"{w.Family}={Address(w)}"));
        var report = _newest = new Report(essence, wan, time.GetUtcNow());
        if (before is not null && before.Essence != report.Essence)
            trigger.Request(ReconcileReason.Cluster);
        if (IsDue(report) && _due.CurrentCount == 0)
            _due.Release();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _due.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (true)
        {
            if (failures == 0)
                await _due.WaitAsync(stoppingToken);
            var report = _newest!;
            if (!IsDue(report))
                continue;
            // Until the request is answered, the stored report is unknown.
            _told = null;
            try
            {
                await WriteAsync(report, stoppingToken);
                var heartbeat = options.Heartbeat * (0.9 + random.NextDouble() / 10);
                _told = new LastReport(report.Essence, time.GetTimestamp(), heartbeat);
                failures = 0;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (failures++ == 0)
                    logger.NodeReportNotWritten(e.Explain());
                await Task.Delay(_retry.After(failures - 1, random), time, stoppingToken);
            }
        }
    }

    private bool IsDue(Report report) =>
        _told is not { } told || told.Essence != report.Essence || time.GetElapsedTime(told.At) >= told.Heartbeat;

    private async Task WriteAsync(Report report, CancellationToken cancellationToken)
    {
        var wan = report.Wan;
        // The Lease of the leader is none of a node that happens to be called like it.
        if (NameOf(options.NodeName) == KubernetesOptions.LeaseName)
            throw new HttpRequestException(
                $"a node called '{options.NodeName}' cannot report: its Lease would be the leader's"
            );
        var annotations = wan.ToDictionary(
            w => AddressAnnotation + w.Family.ToString().ToLowerInvariant(),
            w => Address(w)?.ToString() ?? ""
        );
        annotations[ObservationsAnnotation] = JsonSerializer.Serialize(
            [
                .. wan.SelectMany(w => w.Votes)
                    .Where(v => v is { Counted: true, Via: null })
                    .Select(v => new ReportedAnswer(v.Source, v.Class, v.Operator, v.Address!.ToString())),
            ],
            ReportJson.Default.ReportedAnswerArray
        );
        var lease = new Lease
        {
            Metadata = new ObjectMeta
            {
                Name = NameOf(options.NodeName),
                Namespace = options.Namespace,
                Annotations = annotations,
                Labels = new Dictionary<string, string> { ["esddns.io/report"] = "node" },
            },
            Spec = new LeaseSpec
            {
                HolderIdentity = options.NodeName,
                RenewTime = report.At.UtcDateTime,
                LeaseDurationSeconds = (int)(options.Heartbeat.TotalSeconds * 3),
            },
        };
        try
        {
            // Without a version: no other client writes it.
            var fields = JsonSerializer.SerializeToNode(lease, ObjectJson.Default.Lease)!.AsObject();
            await api.PatchAsync(Resources.Leases, lease.Namespace, lease.Name, Patch.Merge(fields), cancellationToken);
        }
        catch (ApiException e) when (e.Says(HttpStatusCode.NotFound))
        {
            lease.Metadata.OwnerReferences = await OwnerAsync(cancellationToken);
            await api.CreateAsync(Resources.Leases, lease, cancellationToken);
        }
    }

    /// <summary>The node itself: its report goes when it goes.</summary>
    private async Task<List<OwnerReference>?> OwnerAsync(CancellationToken cancellationToken)
    {
        try
        {
            var node = await api.GetAsync(Resources.Nodes, null, options.NodeName, cancellationToken);
            return
            [
                new OwnerReference
                {
                    ApiVersion = "v1",
                    Kind = "Node",
                    Name = node.Name,
                    Uid = node.Uid,
                },
            ];
        }
        catch (ApiException e) when (e.Says(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    private static IPAddress? Address(WanState wan) => wan.Verdict == VerdictKind.Agreed ? wan.Address : null;

    /// <summary>The observations of this node at a time; an equal essence needs no write.</summary>
    private sealed record Report(string Essence, ImmutableArray<WanState> Wan, DateTimeOffset At);

    /// <summary>What was written last, and how long it is enough.</summary>
    private sealed record LastReport(string Essence, long At, TimeSpan Heartbeat);
}
