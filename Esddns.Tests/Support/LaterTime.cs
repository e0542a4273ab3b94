namespace Esddns.Tests.Support;

/// <summary>The real time, whose wall clock is ahead: what happened before grows old without waiting.</summary>
internal sealed class LaterTime : TimeProvider
{
    /// <summary>By how much.</summary>
    public TimeSpan Ahead { get; set; }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
