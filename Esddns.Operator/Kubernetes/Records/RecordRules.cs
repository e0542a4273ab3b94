using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>From an object to the RRsets that it wants. The rules are those of the schema, once more: old servers cannot hold them all.</summary>
internal sealed class RecordRules(AddressSources sources, TtlRange ttls)
{
    /// <summary>Reads an object.</summary>
    /// <returns>The RRsets; or null with what to write instead.</returns>
    public async Task<(IReadOnlyList<DesiredRecord>? Records, string? Mistake)> ReadAsync(DynamicRecord record, CancellationToken cancellationToken)
    {
        var spec = record.Spec;
        if (Mistake(spec, out var zone, out var name, out var types, out var policy) is { } mistake) return (null, mistake);

        var isGoing = record.Metadata.DeletionTimestamp is not null;
        var records = new List<DesiredRecord>();
        foreach (var type in types)
        {
            var wanted = new DesiredRecord(Fqdn.Of(name!, zone!), zone, name, type, spec.Ttl ?? TtlRange.Default, policy)
            {
                WantedBy = $"{DynamicRecord.KindName} {record.Namespace()}/{record.Name()}",
                Credentials = spec.CredentialsSecretRef is { } secret ? $"{record.Namespace()}/{secret.Name}#{secret.Key ?? KubernetesOptions.CredentialsKey}" : null,
                Published = Published(record, type),
                FollowsWan = spec.AddressFrom!.Wan is not null && !isGoing && spec.Suspend != true,
            };
            records.Add(isGoing ? wanted with { Addresses = new Evidence.Absent(), WhenAbsent = AbsencePolicy.Remove }
                : spec.Suspend == true ? wanted with { Addresses = new Evidence.Unknown("it is suspended") }
                : await sources.ApplyAsync(wanted, spec.AddressFrom, record.Namespace(), cancellationToken));
        }

        return (records, null);
    }

    private string? Mistake(DynamicRecordSpec spec, out DomainName? zone, out OwnerName? name, out RecordType[] types, out RecordPolicy policy)
    {
        (name, types, policy) = (null, [], RecordPolicy.Merge);
        if (!DomainName.TryParse(spec.Zone, null, out zone)) return $"spec.zone: '{spec.Zone}' is not {DomainName.Shape}";
        if (!OwnerName.TryParse(spec.Name ?? "@", null, out name)) return $"spec.name: '{spec.Name}' is not {OwnerName.Shape}";
        if (!Fqdn.Of(name, zone).IsShortEnough) return $"spec.name: with the zone it is longer than {DomainName.MaxLength} characters";
        if (spec.Ttl is { } ttl && !ttls.Contains(ttl)) return $"spec.ttl: {ttl} is not within {ttls}";
        var words = spec.Types is { Count: > 0 } given ? given.Distinct().ToArray() : [nameof(RecordType.A)];
        if (words.FirstOrDefault(t => !Enum.GetNames<RecordType>().Contains(t)) is { } odd) return $"spec.types: '{odd}' is not one of A, AAAA";
        types = [.. words.Select(Enum.Parse<RecordType>)];
        if (spec.Policy is { } word && !Enum.GetNames<RecordPolicy>().Contains(word)) return $"spec.policy: '{word}' is not one of {string.Join(", ", Enum.GetNames<RecordPolicy>())}";
        policy = spec.Policy is { } p ? Enum.Parse<RecordPolicy>(p) : RecordPolicy.Merge;
        if (spec.CredentialsSecretRef is { Name: null or "" }) return "spec.credentialsSecretRef.name: missing; name a Secret of the same namespace";
        return Mistake(spec.AddressFrom);
    }

    private static string? Mistake(AddressOrigin? origin)
    {
        var named = new object?[] { origin?.Wan, origin?.Nodes, origin?.Service }.Count(o => o is not null);
        if (named != 1) return $"spec.addressFrom: exactly one of wan, nodes and service is needed, not {(named == 0 ? "none" : named)}; for the WAN address write 'addressFrom: {{wan: {{}}}}'";
        if (origin!.Wan is { Policy: not (null or "Leader" or "All") and var policy }) return $"spec.addressFrom.wan.policy: '{policy}' is not one of Leader, All";
        if (origin.Wan is { Policy: not null, NodeSelector: not null }) return "spec.addressFrom.wan: name a policy or a nodeSelector, not both";
        if (origin.Nodes is { AddressType: not (null or "ExternalIP" or "InternalIP") and var type }) return $"spec.addressFrom.nodes.addressType: '{type}' is not one of ExternalIP, InternalIP";
        return origin.Service is { Name: null or "" } ? "spec.addressFrom.service.name: missing; name a Service of the same namespace" : null;
    }

    /// <summary>What the object's own status remembers as ours.</summary>
    private static AddressSet Published(DynamicRecord record, RecordType type) => new(
        (record.Status?.Addresses ?? []).Select(a => System.Net.IPAddress.TryParse(a, out var address) ? address : null).OfType<System.Net.IPAddress>()
        .Where(a => a.AddressFamily == (type == RecordType.A ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6)));
}
