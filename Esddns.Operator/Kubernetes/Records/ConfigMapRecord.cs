using System.Globalization;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.Reconcile;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>The record in the ConfigMap <c>esddns-config</c>, with the keys of the old system.</summary>
internal static class ConfigMapRecord
{
    private const int DefaultTtl = 300;

    /// <summary>Reads it; null when there is none, or none that makes sense.</summary>
    public static DesiredRecord? Read(V1ConfigMap? map)
    {
        string? Of(string key) => map?.Data?.TryGetValue(key, out var value) == true ? value.Trim() : null;
        if (!DomainName.TryParse(Of("target-domain"), null, out var zone)) return null;
        if (!OwnerName.TryParse(Of("record-name") is { Length: > 0 } text ? text : "@", null, out var name)) return null;
        var ttl = int.TryParse(Of("record-ttl"), NumberStyles.None, CultureInfo.InvariantCulture, out var t) ? t : DefaultTtl;
        return new DesiredRecord(new RecordKey(zone, name, RecordType.A).Fqdn, zone, name, RecordType.A, Math.Clamp(ttl, LiveDnsOptions.MinTtl, LiveDnsOptions.MaxTtl), RecordPolicy.Merge)
        {
            WantedBy = $"ConfigMap {map!.Metadata.NamespaceProperty}/{map.Metadata.Name}",
        };
    }
}
