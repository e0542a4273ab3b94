using Esddns.Web.Api;

namespace Esddns.Web.Events;

/// <summary>The data of an event <c>status</c>: something changed.</summary>
/// <param name="Version">Rises with each change.</param>
/// <param name="State">The state of all records as one word.</param>
/// <param name="Stale">Whether the status may be out of date.</param>
/// <param name="Round">The number of rounds; null before the first status.</param>
/// <param name="At">When the state last changed; null before the first status.</param>
public sealed record StatusEvent(long Version, SyncState State, bool Stale, long? Round, DateTimeOffset? At);
