using System.Globalization;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;
using Esddns.Text;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>Records that a Service asks for by annotation, without any further object.</summary>
internal static class ServiceRecords
{
    /// <summary>The names, with commas between them.</summary>
    public const string HostnameAnnotation = "esddns.io/hostname";

    /// <summary>The TTL, in seconds.</summary>
    public const string TtlAnnotation = "esddns.io/ttl";

    /// <summary>Who wants them, in words.</summary>
    public static string WantedBy(V1Service service) => $"Service {service.Namespace()}/{service.Name()}";

    /// <summary>The records of one Service, for the types of its addresses; or what is wrong with the annotations.</summary>
    public static async Task<(IReadOnlyList<DesiredRecord> Records, string? Mistake)> OfAsync(V1Service service, TtlRange ttls, CancellationToken cancellationToken)
    {
        var names = (service.GetAnnotation(HostnameAnnotation) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ttl = TtlRange.Default;
        if (service.GetAnnotation(TtlAnnotation) is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ttl) || !ttls.Contains(ttl)))
            return ([], $"{TtlAnnotation}: '{text}' is not a number of seconds from {ttls.Min} to {ttls.Max}");
        var fqdns = new List<Fqdn>();
        foreach (var name in names)
        {
            if (!Fqdn.TryParse(name, null, out var fqdn)) return ([], $"{HostnameAnnotation}: '{ForeignText.Clean(name)}' is not {DomainName.Shape}");
            if (fqdns.Contains(fqdn)) return ([], $"{HostnameAnnotation}: {fqdn} is named twice; remove one");
            fqdns.Add(fqdn);
        }

        var records = new List<DesiredRecord>();
        foreach (var type in Enum.GetValues<RecordType>())
        {
            var evidence = await ServiceAddresses.OfAsync(service, $"{service.Namespace()}/{service.Name()}", type, cancellationToken);
            // An A record shows that it is waited for; AAAA is only wanted once there is such an address.
            if (evidence is Evidence.Unknown && type == RecordType.AAAA) continue;
            records.AddRange(fqdns.Select(n => new DesiredRecord(n, null, null, type, ttl, RecordPolicy.Merge)
            {
                Addresses = evidence,
                FollowsWan = false,
                WantedBy = WantedBy(service),
            }));
        }

        return (records, null);
    }
}
