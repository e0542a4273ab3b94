using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>A zone, and the name of its credentials.</summary>
internal sealed record HostedZone(DomainName Zone, string? Credentials)
{
    /// <summary>The zone of a record, with the credentials of the record.</summary>
    public static HostedZone Of(ZoneRecord record) => new(record.Key.Zone, record.Record.Credentials);
}
