using Esddns.Operator.Dns;

namespace Esddns.Operator.State;

/// <summary>A write that was sent and is not confirmed.</summary>
/// <param name="From">The values before the write; null when they were unknown.</param>
/// <param name="Why">The cause of the write.</param>
/// <param name="To">The values after the write; null in a state of an earlier version.</param>
internal sealed record SentWrite(AddressSet? From, string Why, AddressSet? To = null);
