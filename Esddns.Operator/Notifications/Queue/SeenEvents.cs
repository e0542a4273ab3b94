namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// The events that were found already. Only recent ones are listed: everything up to <see cref="Floor"/> counts as
/// found.
/// </summary>
/// <param name="floor">See <see cref="Floor"/>.</param>
/// <param name="entries">See <see cref="Entries"/>.</param>
internal sealed class SeenEvents(DateTimeOffset floor, TimedName[] entries)
{
    private const int MaxCount = 400;

    /// <summary>How far the clocks of two leaders may differ. 15 min.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(15);

    /// <summary>The time up to which all events count as found.</summary>
    public DateTimeOffset Floor => floor;

    /// <summary>The later ones, oldest first.</summary>
    public TimedName[] Entries => entries;

    /// <summary>Whether the event counts as found.</summary>
    public bool Contains(string id, DateTimeOffset at) => at <= floor || Array.Exists(entries, e => e.Name == id);

    /// <summary>A copy in which no time is in the future.</summary>
    public SeenEvents NotAfter(DateTimeOffset now) =>
        new(floor < now ? floor : now, Array.ConvertAll(entries, e => e.At < now ? e : new TimedName(e.Name, now)));

    /// <summary>A copy with this event too, within the limits.</summary>
    public SeenEvents With(string id, DateTimeOffset at)
    {
        var all = new List<TimedName>(entries);
        var index = all.Count;
        while (index > 0 && all[index - 1].At > at)
            index--;
        all.Insert(index, new TimedName(id, at));
        var (end, oldest) = (floor, all[^1].At - s_skew);
        while (all.Count > MaxCount || all[0].At < oldest)
        {
            end = all[0].At;
            all.RemoveAt(0);
        }

        return new SeenEvents(end, all.ToArray());
    }
}
