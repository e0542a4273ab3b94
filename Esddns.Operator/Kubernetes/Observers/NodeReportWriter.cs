using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Operator.Discovery;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Observers;

/// <summary>An observation of one source, as a node reports it.</summary>
internal sealed record ReportedObservation(string Source, EvidenceClass Class, string Operator, string Address);

/// <summary>The JSON of a report.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ReportedObservation[]))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>
/// Reports the observations of this node to the leader, in the annotations of a Lease of its own. The Lease is written
/// when an address changes and as a heartbeat: five thousand nodes make about 17 small writes a second. A failed write
/// is retried with growing waits, of at most a fifth of the heartbeat. A retry neither delays nor triggers a round.
/// </summary>
internal sealed class NodeReportWriter(
    ApiClient api,
    KubernetesOptions options,
    ReconcileTrigger trigger,
    Random random,
    TimeProvider time,
    ILogger<NodeReportWriter> logger
) : BackgroundService, IObservationPublisher
{
    /// <summary>The label of all reports.</summary>
    public const string Selector = "esddns.io/report=node";

    /// <summary>The prefix of the annotation with an agreed address; the family follows.</summary>
    public const string AddressAnnotation = "esddns.io/";

    /// <summary>The annotation with the observations behind the addresses.</summary>
    public const string ObservationsAnnotation = "esddns.io/observations";

    private readonly RetryWait _retry = new(TimeSpan.FromSeconds(1), options.Heartbeat / 5);
    private readonly SemaphoreSlim _due = new(0, 1);
    private volatile Report? _newest;
    private volatile LastReport? _reported;

    /// <summary>The name of the Lease with a node's report.</summary>
    public static string NameOf(string node) => $"esddns-{node}";

    /// <inheritdoc/>
    public Task ReportAsync(ImmutableArray<WanState> wan, CancellationToken cancellationToken)
    {
        var before = _newest;
        var addresses = string.Join(',', wan.Select(w => $"{w.Family}={Address(w)}"));
        var report = _newest = new Report(addresses, wan, time.GetUtcNow());
        if (before is not null && before.Addresses != report.Addresses)
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
            _reported = null;
            try
            {
                await WriteAsync(report, stoppingToken);
                var heartbeat = options.Heartbeat * (0.9 + random.NextDouble() / 10);
                _reported = new LastReport(report.Addresses, time.GetTimestamp(), heartbeat);
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
        _reported is not { } last
        || last.Addresses != report.Addresses
        || time.GetElapsedTime(last.At) >= last.Heartbeat;

    private async Task WriteAsync(Report report, CancellationToken cancellationToken)
    {
        var wan = report.Wan;
        // A node's name must not lead to the Lease of the leader.
        if (NameOf(options.NodeName) == KubernetesOptions.LeaseName)
            throw new HttpRequestException(
                $"a node named '{options.NodeName}' cannot report: its Lease would have the name of the leader's"
            );
        var annotations = wan.ToDictionary(
            w => AddressAnnotation + w.Family.ToString().ToLowerInvariant(),
            w => Address(w)?.ToString() ?? ""
        );
        annotations[ObservationsAnnotation] = JsonSerializer.Serialize(
            [
                .. wan.SelectMany(w => w.Votes)
                    .Where(v => v is { Counted: true, Via: null })
                    .Select(v => new ReportedObservation(v.Source, v.Class, v.Provider, v.Address!.ToString())),
            ],
            ReportJson.Default.ReportedObservationArray
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
            // Without a resource version: no other client writes this Lease.
            var fields = JsonSerializer.SerializeToNode(lease, ObjectJson.Default.Lease)!.AsObject();
            await api.PatchAsync(Resources.Leases, lease.Namespace, lease.Name, Patch.Merge(fields), cancellationToken);
        }
        catch (ApiException e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            lease.Metadata.OwnerReferences = await OwnerAsync(cancellationToken);
            await api.CreateAsync(Resources.Leases, lease, cancellationToken);
        }
    }

    /// <summary>The node as the owner: Kubernetes deletes the report together with the node.</summary>
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
        catch (ApiException e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    private static IPAddress? Address(WanState wan) => wan.Verdict == VerdictKind.Agreed ? wan.Address : null;

    /// <summary>The observations of this node at a time. Equal addresses need no write.</summary>
    private sealed record Report(string Addresses, ImmutableArray<WanState> Wan, DateTimeOffset At);

    /// <summary>The last written report, and how long it is enough.</summary>
    private sealed record LastReport(string Addresses, long At, TimeSpan Heartbeat);
}
