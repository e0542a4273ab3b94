using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>A record with its location in a zone.</summary>
internal sealed record ZoneRecord(RecordKey Key, DesiredRecord Record)
{
    /// <summary>The identity of the record.</summary>
    public RecordId Id => Record.Id;
}
