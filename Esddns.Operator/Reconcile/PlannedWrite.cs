using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile;

/// <summary>A planned write, and the RRset that it replaces.</summary>
internal sealed record PlannedWrite(ZoneRecord Record, RRset? Before, RRset Next);
