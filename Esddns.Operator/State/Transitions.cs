namespace Esddns.Operator.State;

/// <summary>The newest transitions of all records. Immutable: nobody changes the list.</summary>
/// <param name="Since">The time after which they are complete; null before the first round.</param>
/// <param name="Entries">The transitions, newest first.</param>
internal sealed record Transitions(DateTimeOffset? Since, Transition[] Entries)
{
    /// <summary>The maximum number of transitions.</summary>
    public const int MaxCount = 10_000;

    /// <summary>The maximum age of a transition when newer ones are added. 30 days.</summary>
    public static TimeSpan MaxAge { get; } = TimeSpan.FromDays(30);

    /// <summary>The transitions of a new installation.</summary>
    public static Transitions None { get; } = new(null, []);

    /// <summary>
    /// Parses the stored lines. Lines that are not valid are left out: they are only for display, and a state with
    /// values of ours must not be lost for them.
    /// </summary>
    public static Transition[] Parse(string?[]? lines)
    {
        var found = new List<Transition>();
        foreach (var line in lines ?? [])
            if (Transition.TryParse(line) is { } transition)
                found.Add(transition);
        return [.. found];
    }

    /// <summary>A copy with newer transitions, within both limits.</summary>
    public Transitions With(IReadOnlyCollection<Transition> newer, DateTimeOffset now) =>
        new Transitions(Since ?? now, [.. newer, .. Entries]).Newest(MaxCount, now - MaxAge);

    /// <summary>
    /// A copy with the newest transitions: at most <paramref name="count"/>, and none before
    /// <paramref name="oldest"/>.
    /// </summary>
    public Transitions Newest(int count, DateTimeOffset oldest = default)
    {
        var kept = 0;
        while (kept < Entries.Length && kept < count && Entries[kept].At >= oldest)
            kept++;
        return kept == Entries.Length ? this : new Transitions(Entries[kept].At, Entries[..kept]);
    }
}
