namespace Esddns.Web.Events;

/// <summary>The data of an event <c>status</c>: that there is a new state, and its condition.</summary>
/// <param name="Version">Rises with each new state while this service runs.</param>
/// <param name="State">InSync, OutOfSync or Unknown.</param>
/// <param name="Reason">The reason for the state; null when all records are in sync.</param>
/// <param name="IsStale">Whether the state may be out of date.</param>
/// <param name="Round">The number of the round; null before the first state.</param>
internal sealed record StatusEvent(long Version, string State, string? Reason, bool IsStale, long? Round);
