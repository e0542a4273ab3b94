using Esddns.Contracts;
using Esddns.Web.Pages.Texts;

namespace Esddns.Web.Pages.Records;

/// <summary>A value of a record, for display.</summary>
/// <param name="Text">The value.</param>
/// <param name="Tag">What is special about it; empty for a value of ours that is as desired.</param>
internal readonly record struct RecordValue(string Text, string Tag)
{
    /// <summary>
    /// The values of a record: those at the last read, foreign ones marked, then those that are desired but missing.
    /// </summary>
    public static IReadOnlyList<RecordValue> Of(RecordStatus record)
    {
        var (current, desired, foreign) = (record.Current ?? [], record.Desired ?? [], record.Foreign ?? []);
        var present = current.Select(v => new RecordValue(v, foreign.Contains(v) ? Words.Foreign : ""));
        var unread = (record.Unread ?? []).Select(v => new RecordValue(v, Words.Foreign));
        var others = foreign.Except(current).Select(v => new RecordValue(v, Words.Foreign));
        var missing = desired.Except(current).Select(v => new RecordValue(v, Words.Wanted));
        // Stable: ours come first.
        return [.. present.OrderBy(v => v.Tag.Length).Concat(others).Concat(unread).Concat(missing)];
    }
}
