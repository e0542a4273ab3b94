using Esddns.Operator.Dns;

namespace Esddns.Operator.State;

/// <summary>A change of the record by another client.</summary>
/// <param name="At">When the change was detected.</param>
/// <param name="From">The values that ESDDNS knew.</param>
/// <param name="To">The values that were read.</param>
internal sealed record Drift(DateTimeOffset At, AddressSet From, AddressSet To);
