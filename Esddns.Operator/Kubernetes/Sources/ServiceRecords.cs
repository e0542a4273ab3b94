using System.Globalization;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>Reads the records that a Service requests by annotation.</summary>
internal sealed class ServiceRecords(ServiceAddresses addresses, TtlRange ttls)
{
    /// <summary>The annotation with the names, separated by commas.</summary>
    public const string HostnameAnnotation = "esddns.io/hostname";

    /// <summary>The annotation with the TTL in seconds.</summary>
    public const string TtlAnnotation = "esddns.io/ttl";

    /// <summary>The maximum number of names of one Service.</summary>
    public const int MaxNames = 50;

    /// <summary>The start of the name of every Service in messages and in the state.</summary>
    public const string WantedByPrefix = "Service ";

    /// <summary>The name of the Service in messages and in the state.</summary>
    public static string WantedBy(Service service) => $"{WantedByPrefix}{service.Namespace}/{service.Name}";

    /// <summary>Whether the Service requests records, or is held for the cleanup of earlier ones.</summary>
    public static bool RequestsRecords(Service service) =>
        Cleanup.IsDue(service)
        || (
            service.Metadata.DeletionTimestamp is null
            && (service.GetAnnotation(HostnameAnnotation) is not null || Cleanup.HasFinalizer(service))
        );

    /// <summary>
    /// The records of one Service, for the types of its addresses; or the mistake in its annotations.
    /// </summary>
    public async Task<(IReadOnlyList<DesiredRecord> Records, string? Mistake)> OfAsync(
        Service service,
        CancellationToken cancellationToken
    )
    {
        var (fqdns, ttl, mistake) = Read(service);
        if (mistake is not null)
            return ([], mistake);
        var records = new List<DesiredRecord>();
        foreach (var type in Enum.GetValues<RecordType>())
        {
            var evidence = await addresses.OfAsync(
                service,
                $"{service.Namespace}/{service.Name}",
                type,
                cancellationToken
            );
            // Without an address, the A record reports the reason. AAAA is requested only when an address exists.
            if (evidence is Evidence.Unknown && type == RecordType.AAAA)
                continue;
            records.AddRange(
                fqdns.Select(n => new DesiredRecord(n, null, null, type, ttl, RecordPolicy.Merge)
                {
                    Addresses = evidence,
                    FollowsWan = false,
                    WantedBy = WantedBy(service),
                })
            );
        }

        return (records, null);
    }

    private (IReadOnlyList<Fqdn> Names, int Ttl, string? Mistake) Read(Service service)
    {
        const StringSplitOptions clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var names = (service.GetAnnotation(HostnameAnnotation) ?? "").Split(',', clean);
        var ttl = TtlRange.Default;
        if (
            service.GetAnnotation(TtlAnnotation) is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ttl) || !ttls.Contains(ttl))
        )
            return Wrong(
                $"{TtlAnnotation}: '{UntrustedText.Clean(text)}' is not a number of seconds "
                    + $"from {ttls.Min} to {ttls.Max}"
            );
        if (names.Length > MaxNames)
            return Wrong($"{HostnameAnnotation}: {names.Length} names are too many; a Service can have {MaxNames}");
        var fqdns = new List<Fqdn>();
        foreach (var name in names)
        {
            if (!Fqdn.TryParse(name, null, out var fqdn))
                return Wrong($"{HostnameAnnotation}: '{UntrustedText.Clean(name)}' is not {DomainName.Shape}");
            if (fqdns.Contains(fqdn))
                return Wrong($"{HostnameAnnotation}: {fqdn} is named twice; remove one");
            fqdns.Add(fqdn);
        }

        return (fqdns, ttl, null);
    }

    private static (IReadOnlyList<Fqdn> Names, int Ttl, string? Mistake) Wrong(string mistake) => ([], 0, mistake);
}
