namespace Esddns.Operator.Notifications.Queue;

/// <summary>The name of an event or record, and a time.</summary>
/// <param name="name">See <see cref="Name"/>.</param>
/// <param name="at">See <see cref="At"/>.</param>
internal sealed class TimedName(string name, DateTimeOffset at)
{
    /// <summary>The identity of a found event, or the name and type of a record.</summary>
    public string Name => name;

    /// <summary>When the event happened, or since when the record is not in sync.</summary>
    public DateTimeOffset At => at;
}
