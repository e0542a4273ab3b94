using Esddns.Contracts;

namespace Esddns.Web.Status;

/// <summary>The newest status and its age.</summary>
/// <param name="Status">The newest status; null if none has arrived.</param>
/// <param name="Age">The time since the operator last confirmed the status; null if none has arrived.</param>
/// <param name="Problem">The reason why the status is stale, without a full stop; null if it is current.</param>
/// <param name="Version">Rises with each new status and each change of <paramref name="Problem"/>.</param>
public sealed record CachedStatus(StatusDocument? Status, TimeSpan? Age, string? Problem, long Version = 0)
{
    /// <summary>Whether the status may be out of date.</summary>
    public bool IsStale => Problem is not null;
}
