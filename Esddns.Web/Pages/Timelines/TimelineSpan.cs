namespace Esddns.Web.Pages.Timelines;

/// <summary>A span of time in which a record had one condition.</summary>
/// <param name="From">The start.</param>
/// <param name="To">The end.</param>
/// <param name="Condition">InSync, OutOfSync or Unknown; null when nothing was recorded.</param>
internal readonly record struct TimelineSpan(DateTimeOffset From, DateTimeOffset To, string? Condition)
{
    /// <summary>The duration; at least zero.</summary>
    public TimeSpan Duration => To - From;
}
