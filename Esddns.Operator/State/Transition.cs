using System.Globalization;
using Esddns.Operator.Dns;

namespace Esddns.Operator.State;

/// <summary>
/// A change of the condition of a record. It is stored as one line, because there may be thousands:
/// <code>2026-11-26T09:02:15.4473534Z home.example.com A InSync OutOfSync</code>
/// </summary>
/// <param name="At">When it was found.</param>
/// <param name="Id">The record.</param>
/// <param name="From">The condition before; null when there was none.</param>
/// <param name="To">The condition after; null when the record is not desired any more.</param>
internal sealed record Transition(DateTimeOffset At, RecordId Id, SyncCondition? From, SyncCondition? To)
{
    private const string NoCondition = "-";

    /// <summary>Parses the stored line; null when it is not valid.</summary>
    public static Transition? TryParse(string? line) =>
        line?.Split(' ') is [var time, var name, var type, var before, var after]
        && DateTimeOffset.TryParseExact(time, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
        && RecordId.TryParse(name, type, out var id)
        && TryParse(before, out var from)
        && TryParse(after, out var to)
            ? new Transition(at, id, from, to)
            : null;

    /// <inheritdoc/>
    public override string ToString()
    {
        var at = At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        return $"{at} {Id} {From?.ToString() ?? NoCondition} {To?.ToString() ?? NoCondition}";
    }

    private static bool TryParse(string name, out SyncCondition? condition)
    {
        condition = SyncCondition.Named(name);
        return condition is not null || name == NoCondition;
    }
}
