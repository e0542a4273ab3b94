using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>The records with their zones, and the records without a zone.</summary>
/// <param name="Placed">The records in a known zone.</param>
/// <param name="Unplaced">The other records, each with the fault.</param>
internal sealed record ZoneAssignment(
    IReadOnlyList<ZoneRecord> Placed,
    IReadOnlyList<(DesiredRecord Record, ProviderFault Fault)> Unplaced
);
