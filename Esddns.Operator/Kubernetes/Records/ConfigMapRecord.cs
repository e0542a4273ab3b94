using System.Globalization;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>Reads the record in the ConfigMap <c>esddns-config</c>, which has the keys of the old system.</summary>
internal sealed class ConfigMapRecord(
    LeaderInformers informers,
    TtlRange ttls,
    KubernetesOptions options,
    ILogger<ConfigMapRecord> logger
)
{
    private string? _mistake;

    /// <summary>
    /// The record; none without a ConfigMap, without a domain, or with a mistake, which is logged once.
    /// </summary>
    public IEnumerable<DesiredRecord> Current()
    {
        var map = informers.Configuration.Find(KubernetesOptions.ConfigName, options.Namespace);
        var (record, mistake) = Read(map, ttls);
        if (mistake is not null && mistake != _mistake)
            logger.ConfigMapInvalid(options.Namespace, KubernetesOptions.ConfigName, mistake);
        _mistake = mistake;
        return record is null ? [] : [record];
    }

    /// <summary>Reads the record.</summary>
    /// <returns>The record; or the mistake and its correction; or neither, without a ConfigMap or without a
    /// domain.</returns>
    public static (DesiredRecord? Record, string? Mistake) Read(ConfigMap? map, TtlRange ttls)
    {
        if (Value(map, "target-domain") is not { } domain)
            return (null, null);
        if (!DomainName.TryParse(domain, null, out var zone))
            return (null, $"target-domain: '{UntrustedText.Clean(domain)}' is not {DomainName.Shape}");
        var owner = Value(map, "record-name") ?? "@";
        if (!OwnerName.TryParse(owner, null, out var name))
            return (null, $"record-name: '{UntrustedText.Clean(owner)}' is not {OwnerName.Shape}");
        if (name.MistakeIn(zone) is { } problem)
            return (null, $"record-name: {problem}");
        var ttl = TtlRange.Default;
        if (
            Value(map, "record-ttl") is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ttl) || !ttls.Contains(ttl))
        )
            return (
                null,
                $"record-ttl: '{UntrustedText.Clean(text)}' is not a number of seconds from {ttls.Min} to {ttls.Max}"
            );
        return (
            new DesiredRecord(Fqdn.Of(name, zone), zone, name, RecordType.A, ttl, RecordPolicy.Merge)
            {
                WantedBy = $"ConfigMap {map!.Metadata.Namespace}/{map.Metadata.Name}",
            },
            null
        );
    }

    private static string? Value(ConfigMap? map, string key) =>
        map?.Data?.TryGetValue(key, out var value) == true && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
