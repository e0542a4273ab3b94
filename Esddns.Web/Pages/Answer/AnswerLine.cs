using Esddns.Contracts;
using Esddns.Web.Pages.Texts;
using Esddns.Web.Status;

namespace Esddns.Web.Pages.Answer;

/// <summary>The first line of the page. It answers the question whether the names point here.</summary>
/// <param name="Tone">How good the state is.</param>
/// <param name="Word">The state in one or two words.</param>
/// <param name="Text">The answer.</param>
/// <param name="Detail">The evidence or the reason; null when there is none.</param>
/// <param name="CheckedAt">When the last round ended; null when none has.</param>
internal sealed record AnswerLine(Tone Tone, string Word, string Text, string? Detail, DateTimeOffset? CheckedAt)
{
    /// <summary>The maximum number of values in the line.</summary>
    private const int MaxValues = 4;

    /// <summary>The title of the page.</summary>
    public string Title => $"{Word}: {Text} – {Words.Product}";

    /// <summary>The answer of this status.</summary>
    public static AnswerLine Of(CachedStatus cached)
    {
        if (cached.Status is not { } status)
            return new AnswerLine(Tone.Unknown, "No status", "No status yet", null, null);
        var condition = Condition.Of(status).Word;
        var (text, detail) = status.InSync ? InSync(status.Records) : NotInSync(status.Records);
        var checkedAt = status.Wan.Max(w => w.CheckedAt) ?? status.At;
        return cached.IsStale
            ? new AnswerLine(Tone.Unknown, "Out of date", $"Last known state: {text}", detail, checkedAt)
            : new AnswerLine(Tones.Of(condition), WordOf(condition), text, detail, checkedAt);
    }

    private static string WordOf(string condition) =>
        Phrases.ConditionWord(condition) switch
        {
            var word => char.ToUpperInvariant(word[0]) + word[1..],
        };

    private static (string Text, string? Detail) InSync(RecordStatus[] records)
    {
        var published = Array.FindAll(records, r => r.StateOrUnknown != StatusExtensions.Skipped);
        if (published.Length == 0)
            return ("There is nothing to publish", Sentence(records.FirstOrDefault()?.Reason));
        var values = published.SelectMany(r => r.Current ?? r.Desired ?? []).Distinct().ToArray();
        if (published.Any(r => r.Fqdn != published[0].Fqdn))
        {
            var all = $"All {Phrases.Count(records.Length, "record")}";
            // The value of all, if they have one of each type.
            var isShort =
                published.All(r => (r.Current ?? r.Desired) is [_])
                && values.Length == published.DistinctBy(r => r.RecordType).Count();
            return (isShort ? $"{all} → {Phrases.And(values)}" : $"{all} are up to date", ServedByAll(published));
        }

        var shown = values.Length is > 0 and <= MaxValues ? Phrases.And(values) : Phrases.Count(values.Length, "value");
        return ($"{published[0].Fqdn} → {shown}", Served(published));
    }

    /// <summary>The evidence for the records of one name: the name servers that serve all of them.</summary>
    private static string Served(RecordStatus[] records)
    {
        var worst = records
            .Select(r => r.Propagation)
            .OfType<PropagationStatus>()
            .Where(p => p.Asked > 0)
            .MaxBy(p => p.Others.Length);
        return worst is null
            ? "Correct at the DNS provider."
            : $"Correct at {Phrases.NameServers(worst)} name server{(worst.Asked == 1 ? "" : "s")}.";
    }

    private static string ServedByAll(RecordStatus[] records)
    {
        var asked = records.Count(r => r.Propagation is not null);
        var correct = records.Count(r => r.Propagation is { IsDone: true });
        return asked == 0
            ? "Correct at the DNS provider."
            : $"Correct at all name servers: {correct} of {Phrases.Count(asked, "record")}.";
    }

    private static string? Sentence(string? text) => text is null ? null : Phrases.Sentence(text);

    private static (string Text, string? Detail) NotInSync(RecordStatus[] records)
    {
        var bad = Array.FindAll(records, r => Condition.Of(r) != Condition.InSync);
        if (bad.Length == 0)
            return (records is [] ? "No records configured" : "Not all records are up to date", null);
        var first = Array.Find(bad, r => Condition.Of(r) == Condition.OutOfSync) ?? bad[0];
        var name = $"{first.Fqdn} {first.RecordType}";
        // Whether a record without a known address is up to date is not known.
        var isKept = Array.TrueForAll(bad, IsKept);
        return bad.Length == 1
            ? ($"{name} {(isKept ? "stays unchanged" : "is not up to date")}", Sentence(Phrases.State(first)))
            : (
                $"{bad.Length} of {records.Length} records {(isKept ? "stay unchanged" : "are not up to date")}",
                $"{name}: {Phrases.State(first)}."
            );
    }

    private static bool IsKept(RecordStatus record) =>
        record is { StateOrUnknown: StatusExtensions.LeftAlone, Preserved: not null };
}
