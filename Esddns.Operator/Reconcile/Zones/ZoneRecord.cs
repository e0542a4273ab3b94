using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>A record with its location in a zone.</summary>
internal sealed record ZoneRecord(RecordKey Key, DesiredRecord Record)
{
    /// <summary>The identity of the record.</summary>
    public RecordId Id => Record.Id;

    /// <summary>
    /// The evidence of the round for the addresses of the record. Work on a zone may outlive its round, and must not
    /// mix the evidence of two rounds.
    /// </summary>
    public Evidence Evidence { get; init; } = new Evidence.Unknown();

    /// <summary>
    /// The WAN address of the round; null when it is not known, or when the record does not follow it.
    /// </summary>
    public IPAddress? Wan { get; init; }
}
