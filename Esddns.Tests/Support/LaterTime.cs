namespace Esddns.Tests.Support;

/// <summary>The real time, whose wall clock is ahead: what happened before grows old without waiting.</summary>
internal sealed class LaterTime : TimeProvider
{
    /// <summary>By how much.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>The moment at which the clock stands; null while it runs. Timers run all the same.</summary>
    public DateTimeOffset? StandsAt { get; set; }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => StandsAt ?? base.GetUtcNow() + Ahead;
}
