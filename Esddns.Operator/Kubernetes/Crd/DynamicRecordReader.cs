using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Crd;

/// <summary>Converts a DynamicRecord to the requested RRsets.</summary>
internal sealed class DynamicRecordReader(SpecRules rules, AddressSources sources)
{
    /// <summary>The start of the name of every DynamicRecord in messages and in the state.</summary>
    public const string WantedByPrefix = DynamicRecord.KindName + " ";

    /// <summary>The name of the object in messages and in the state.</summary>
    public static string WantedBy(DynamicRecord record) => $"{WantedByPrefix}{record.Namespace}/{record.Name}";

    /// <summary>The name of the object's credentials; null for the operator's own.</summary>
    public static string? Credentials(DynamicRecord record) =>
        record.Spec?.CredentialsSecretRef is { } secret
            ? $"{record.Namespace}/{secret.Name}#{secret.Key ?? KubernetesOptions.CredentialsKey}"
            : null;

    /// <summary>Reads an object.</summary>
    /// <returns>The RRsets; or null, and the mistake with its correction.</returns>
    public async Task<(IReadOnlyList<DesiredRecord>? Records, string? Mistake)> ReadAsync(
        DynamicRecord record,
        CancellationToken cancellationToken
    )
    {
        var (spec, mistake) = rules.Read(record.Spec);
        if (spec is null)
            return (null, mistake);

        var records = new List<DesiredRecord>();
        foreach (var type in spec.Types)
        {
            var wanted = new DesiredRecord(
                Fqdn.Of(spec.Name, spec.Zone),
                spec.Zone,
                spec.Name,
                type,
                spec.Ttl,
                spec.Policy
            )
            {
                WantedBy = WantedBy(record),
                Credentials = Credentials(record),
                Earlier = Earlier(record, new RecordId(Fqdn.Of(spec.Name, spec.Zone), type)),
                FollowsWan = spec.AddressFrom.Wan is not null && record.Spec.Suspend != true,
            };
            records.Add(
                record.Metadata.DeletionTimestamp is not null || record.Spec.Suspend == true
                    ? wanted with
                    {
                        Addresses = new Evidence.Unknown("it is suspended"),
                    }
                    : await sources.ApplyAsync(wanted, spec.AddressFrom, record.Namespace, cancellationToken)
            );
        }

        return (records, null);
    }

    /// <summary>
    /// The state of a record according to the status of its object; null when the status contains no value of ours.
    /// Earlier versions of the operator only wrote the addresses.
    /// </summary>
    private static RecordState? Earlier(DynamicRecord record, RecordId id)
    {
        if (record.Status?.Records is not null)
            return OwnedRecord.StatesOf(record, isOutdated: true).FirstOrDefault(r => r.Id == id);
        var published = AddressSources.OfType(
            (record.Status?.Addresses ?? [])
                .Take(AddressRules.MaxAddresses)
                .Select(a => AddressText.TryParse(a, out var address) ? address : null)
                .OfType<System.Net.IPAddress>(),
            id.Type
        );
        return published.Count == 0
            ? null
            : new RecordState(id.Fqdn, id.Type) { Ours = published, IsOwnershipOutdated = true };
    }
}
