using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Zones;

namespace Esddns.Operator.Reconcile.Writing;

/// <summary>A planned write, and the RRset that it replaces.</summary>
internal sealed record PlannedWrite(ZoneRecord Record, RRset? Before, RRset Next);
