using Esddns.Contracts;
using Esddns.Web.Pages.Texts;
using Esddns.Web.Status;

namespace Esddns.Web.Pages.Records;

/// <summary>A line of the evidence about a record.</summary>
/// <param name="Label">What it tells.</param>
/// <param name="Text">The evidence.</param>
/// <param name="At">When it was found; null when it has no time.</param>
internal readonly record struct RecordEvidence(string Label, string Text, DateTimeOffset? At = null)
{
    /// <summary>The maximum number of name servers with another answer.</summary>
    private const int MaxServers = 10;

    /// <summary>The evidence about a record that its row does not show.</summary>
    public static IEnumerable<RecordEvidence> Of(RecordStatus record)
    {
        if (record.Preserved is { } preserved && Phrases.ShortReason(record) != record.Reason)
            yield return new(Words.Why, preserved.Reason);
        if (record.WantedBy is { } declaredBy)
            yield return new(Words.DeclaredBy, declaredBy);
        if (record is { Desired: { } desired, InSync: false })
            yield return new(Words.Desired, Phrases.Values(desired));
        if (record.Propagation is { Others.Length: > 0 } propagation)
            yield return new(Words.OtherAnswers, Answers(propagation), Known(propagation.At));
        if (record.Sent is { } sent)
            yield return new(Words.Unconfirmed, $"a write was sent: {sent.Why}", record.Unanswered);
        if (record.LastDrift is { } drift)
            yield return new(
                Words.LastEdit,
                $"from {Phrases.Values(drift.From)} to {Phrases.Values(drift.To)}",
                Known(drift.At)
            );
        if (record.LastError is { } error)
        {
            yield return new(Words.LastError, error.Message, Known(error.At));
            if (error.RetryAt is { } retry)
                yield return new(Words.RetryAt, "", retry);
        }
    }

    /// <summary>What the state does not tell about values of others; null if the state tells it.</summary>
    public static string? Edits(RecordStatus record)
    {
        if (record is { StateOrUnknown: StatusExtensions.UpToDate, Reason: not null })
            return null;
        return record.Foreign is { Length: > 0 } foreign
            ? StatusText.ForeignKept(foreign.Length, Phrases.Values(foreign))
            : null;
    }

    private static string Answers(PropagationStatus propagation) =>
        string.Join("; ", propagation.Others.Take(MaxServers).Select(Answer));

    private static string Answer(ServerStatus server) =>
        $"{server.Server}: {server.Reason ?? Phrases.Values(server.Values)}";

    /// <summary>The time, unless a server left it out.</summary>
    private static DateTimeOffset? Known(DateTimeOffset at) => at == default ? null : at;
}
