using System.Collections.Immutable;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile;
using k8s;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>What became of an object's wish.</summary>
/// <param name="Object">The object: a DynamicRecord or a Service.</param>
/// <param name="Records">The RRsets that it got.</param>
/// <param name="Refusal">Why it got none: a word for programs; null when it did.</param>
/// <param name="Message">The same for people.</param>
internal sealed record Claim(IKubernetesObject<V1ObjectMeta> Object, IReadOnlyList<DesiredRecord> Records, string? Refusal = null, string? Message = null);

/// <summary>
/// All wishes of the cluster: the configuration's, the ConfigMap's, those of DynamicRecords and of annotated Services. An RRset belongs to
/// the first who wants it, in this order and then by age.
/// </summary>
internal sealed partial class ClusterRecords(
    ConfiguredRecords configured, LeaderWatches watches, RecordRules rules, Deletions deletions, Dns.TtlRange ttls, KubernetesOptions options, ILogger<ClusterRecords> logger) : IDesiredRecords
{
    private ImmutableArray<Claim> _claims = [];
    private string? _mistake;

    /// <summary>What became of each object's wish, when they were last looked at.</summary>
    public ImmutableArray<Claim> Claims => _claims;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken)
    {
        if (!watches.IsRunning) return configured.Records;
        var register = new Register();
        foreach (var record in configured.Records) register.TryEnter([record], out _);
        if (OfConfigMap() is { } one) register.TryEnter([one], out _);

        var claims = new List<Claim>();
        foreach (var record in ByAge(watches.Records.Objects.Where(r => r.Metadata.DeletionTimestamp is null || Finalizers.IsDue(r))))
        {
            var (wanted, mistake) = await rules.ReadAsync(record, cancellationToken);
            wanted = await deletions.HoldAsync(record, wanted, cancellationToken);
            claims.Add(wanted is null ? new Claim(record, [], "Invalid", mistake)
                : record.Spec.CredentialsSecretRef is null && NotShared(record) is { } refused ? refused
                : register.TryEnter(wanted, out var conflict) ? new Claim(record, wanted)
                : new Claim(record, [], "Conflict", conflict));
        }

        foreach (var service in ByAge(watches.Services.Objects.Where(s => s.GetAnnotation(ServiceRecords.HostnameAnnotation) is not null && s.Metadata.DeletionTimestamp is null)))
        {
            var (wanted, mistake) = await ServiceRecords.OfAsync(service, ttls, cancellationToken);
            claims.Add(mistake is not null ? new Claim(service, [], "Invalid", mistake)
                : NotShared(service) is { } refused ? refused
                : register.TryEnter(wanted, out var conflict) ? new Claim(service, wanted)
                : new Claim(service, [], "Conflict", conflict));
        }

        ImmutableInterlocked.InterlockedExchange(ref _claims, [.. claims]);
        return register.Records;
    }

    private DesiredRecord? OfConfigMap()
    {
        var (record, mistake) = ConfigMapRecord.Read(watches.Configuration.Find(KubernetesOptions.ConfigName, options.Namespace), ttls);
        if (mistake is not null && mistake != _mistake) LogMistake(options.Namespace, KubernetesOptions.ConfigName, mistake);
        _mistake = mistake;
        return record;
    }

    /// <summary>Whoever may make objects in a namespace can reach every zone of the token they use.</summary>
    private Claim? NotShared(IKubernetesObject<V1ObjectMeta> item) => options.SharedWith is not { } shared || shared.Contains(item.Namespace()) ? null
        : new Claim(item, [], "NotShared", $"the operator's own token is not for the namespace {item.Namespace()}: name another in spec.credentialsSecretRef, or ask for {KubernetesSettings.SharedWith}");

    private static IEnumerable<T> ByAge<T>(IEnumerable<T> objects) where T : IKubernetesObject<V1ObjectMeta> =>
        objects.OrderBy(o => o.Metadata.CreationTimestamp).ThenBy(o => $"{o.Namespace()}/{o.Name()}", StringComparer.Ordinal);

    /// <summary>Who wants which RRset.</summary>
    private sealed class Register
    {
        private readonly Dictionary<Dns.RecordId, DesiredRecord> _records = [];

        public IReadOnlyList<DesiredRecord> Records => [.. _records.Values];

        /// <summary>Enters all of them, or none and says who was there before.</summary>
        public bool TryEnter(IReadOnlyList<DesiredRecord> wanted, out string? conflict)
        {
            conflict = wanted.GroupBy(r => r.Id).FirstOrDefault(g => g.Count() > 1) is { } twice
                ? $"{twice.Key} is named twice; remove one"
                : wanted.Select(r => _records.GetValueOrDefault(r.Id)).FirstOrDefault(r => r is not null) is { } taken
                    ? $"{taken.Id} is already kept for {taken.WantedBy}"
                    : null;
            if (conflict is not null) return false;
            foreach (var record in wanted) _records[record.Id] = record;
            return true;
        }
    }

    [LoggerMessage(EventName = "ConfigMapMistaken", Level = LogLevel.Error, Message = "The ConfigMap {Namespace}/{Name} wants no record that makes sense: {Mistake}")]
    private partial void LogMistake(string @namespace, string name, string mistake);
}
