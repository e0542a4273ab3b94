namespace Esddns.Tests.Support;

/// <summary>The real time with a wall clock that is ahead, to age earlier events without waiting.</summary>
internal sealed class LaterTime : TimeProvider
{
    /// <summary>The offset of the wall clock.</summary>
    public TimeSpan Ahead { get; set; }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
