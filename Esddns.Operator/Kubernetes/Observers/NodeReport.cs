using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Operator.Discovery;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Observers;

/// <summary>One answer of one source, as a node passes it on.</summary>
internal sealed record PassedOn(string Source, EvidenceClass Class, string Operator, string Address);

/// <summary>The JSON of a report.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PassedOn[]))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>
/// Tells the leader what this node sees, in the annotations of a Lease of its own: written when the address changes and as a heartbeat,
/// so that five thousand nodes make no more than some seventeen small writes a second.
/// </summary>
internal sealed partial class NodeReport(IKubernetes api, KubernetesOptions options, Wakeups wakeups, Random random, TimeProvider time, ILogger<NodeReport> logger) : IObservationReport
{
    /// <summary>The label of all reports.</summary>
    public const string Selector = "esddns.io/report=node";

    /// <summary>Before the family's name: the address that the node agrees on.</summary>
    public const string AddressAnnotation = "esddns.io/";

    /// <summary>The answers that it rests on.</summary>
    public const string ObservationsAnnotation = "esddns.io/observations";

    private string? _seen;
    private string? _told;
    private long _toldAt;
    private TimeSpan _heartbeat;

    /// <summary>The name of a node's report.</summary>
    public static string NameOf(string node) => $"esddns-{node}";

    /// <inheritdoc/>
    public async Task ReportAsync(ImmutableArray<WanState> wan, CancellationToken cancellationToken)
    {
        var essence = string.Join(',', wan.Select(w => $"{w.Family}={Address(w)}"));
        if (_seen is not null && essence != _seen) wakeups.Wake(RoundReason.Cluster);
        _seen = essence;
        if (essence == _told && time.GetElapsedTime(_toldAt) < _heartbeat) return;
        try
        {
            await WriteAsync(wan, cancellationToken);
            (_told, _toldAt, _heartbeat) = (essence, time.GetTimestamp(), options.Heartbeat * (0.9 + random.NextDouble() / 10));
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException)
        {
            LogNotTold(e.Explain());
        }
    }

    private async Task WriteAsync(ImmutableArray<WanState> wan, CancellationToken cancellationToken)
    {
        // The Lease of the leader is none of a node that happens to be called like it.
        if (NameOf(options.NodeName) == KubernetesOptions.LeaseName) throw new HttpRequestException($"a node called '{options.NodeName}' cannot report: its Lease would be the leader's");
        var annotations = wan.ToDictionary(w => AddressAnnotation + w.Family.ToString().ToLowerInvariant(), w => Address(w)?.ToString() ?? "");
        annotations[ObservationsAnnotation] = JsonSerializer.Serialize([.. wan.SelectMany(w => w.Votes).Where(v => v is { Counted: true, Via: null })
            .Select(v => new PassedOn(v.Source, v.Class, v.Operator, v.Address!.ToString()))], ReportJson.Default.PassedOnArray);
        var lease = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = NameOf(options.NodeName), NamespaceProperty = options.Namespace, Annotations = annotations, Labels = new Dictionary<string, string> { ["esddns.io/report"] = "node" } },
            Spec = new V1LeaseSpec { HolderIdentity = options.NodeName, RenewTime = time.GetUtcNow().UtcDateTime, LeaseDurationSeconds = (int)(options.Heartbeat.TotalSeconds * 3) },
        };
        try
        {
            await api.CoordinationV1.PatchNamespacedLeaseAsync(
                new V1Patch(new { metadata = new { annotations, labels = lease.Metadata.Labels }, spec = lease.Spec }, V1Patch.PatchType.MergePatch), lease.Name(), options.Namespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException e) when (e.Says(HttpStatusCode.NotFound))
        {
            lease.Metadata.OwnerReferences = await OwnerAsync(cancellationToken);
            await api.CoordinationV1.CreateNamespacedLeaseAsync(lease, options.Namespace, cancellationToken: cancellationToken);
        }
    }

    /// <summary>The node itself: its report goes when it goes.</summary>
    private async Task<IList<V1OwnerReference>?> OwnerAsync(CancellationToken cancellationToken)
    {
        try
        {
            var node = await api.CoreV1.ReadNodeAsync(options.NodeName, cancellationToken: cancellationToken);
            return [new V1OwnerReference { ApiVersion = "v1", Kind = "Node", Name = node.Name(), Uid = node.Uid() }];
        }
        catch (HttpOperationException e) when (e.Says(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    private static IPAddress? Address(WanState wan) => wan.Verdict == VerdictKind.Agreed ? wan.Address : null;

    [LoggerMessage(EventName = "NodeReportNotWritten", Level = LogLevel.Warning, Message = "What this node sees could not be reported: {Problem}")]
    private partial void LogNotTold(string problem);
}
