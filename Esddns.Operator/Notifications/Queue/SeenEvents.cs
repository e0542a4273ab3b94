namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// The events that were found already. Only recent ones are listed: everything up to <see cref="Floor"/> counts as
/// found.
/// </summary>
/// <param name="Floor">The time up to which all events count as found.</param>
/// <param name="Entries">The later ones, oldest first.</param>
internal sealed record SeenEvents(DateTimeOffset Floor, SeenEvent[] Entries)
{
    private const int MaxCount = 400;

    /// <summary>How far the clocks of two leaders may differ. 15 min.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(15);

    /// <summary>The events of a new installation.</summary>
    public static SeenEvents None { get; } = new(DateTimeOffset.MinValue, []);

    /// <summary>Whether the event counts as found.</summary>
    public bool Contains(string id, DateTimeOffset at) => at <= Floor || Array.Exists(Entries, e => e.Id == id);

    /// <summary>A copy with these events too, within the limits.</summary>
    public SeenEvents With(IEnumerable<SeenEvent> found)
    {
        SeenEvent[] all = [.. Entries.Concat(found).OrderBy(e => e.At.UtcTicks)];
        if (all.Length == 0)
            return this;
        var oldest = all[^1].At - s_skew;
        var first = Math.Max(0, all.Length - MaxCount);
        while (all[first].At < oldest)
            first++;
        return first == 0 ? new(Floor, all) : new(all[first - 1].At, all[first..]);
    }
}

/// <summary>An event that was found.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="At">When it happened.</param>
internal sealed record SeenEvent(string Id, DateTimeOffset At);
