namespace Esddns.Operator.State;

/// <summary>The reason why a snapshot may be stale.</summary>
/// <param name="Since">The time since which there are no updates.</param>
/// <param name="Reason">The reason.</param>
internal sealed record Staleness(DateTimeOffset Since, string Reason);
