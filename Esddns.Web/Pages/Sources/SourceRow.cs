using System.Globalization;
using Esddns.Contracts;
using Esddns.Web.Pages.Texts;
using Esddns.Web.Status;

namespace Esddns.Web.Pages.Sources;

/// <summary>The last answer of a source beside the verdict.</summary>
/// <param name="Vote">The answer.</param>
/// <param name="Tone">Whether it supports the verdict.</param>
/// <param name="Word">How it relates to the verdict.</param>
internal readonly record struct SourceRow(VoteStatus Vote, Tone Tone, string Word)
{
    /// <summary>The row of a source.</summary>
    public static SourceRow Of(VoteStatus vote, WanStatus wan) =>
        vote.Address is null ? new(vote, Tone.Unknown, "no answer")
        : wan.Address is null ? new(vote, Tone.Unknown, "no verdict")
        : !wan.IsUsable && vote.Address == wan.Address ? new(vote, Tone.Neutral, "as before")
        : vote.Address == wan.Address ? new(vote, Tone.Good, vote.Counted ? "agrees" : "agrees, not counted")
        : new(vote, Tone.Bad, "differs");

    /// <summary>The answers of a family in one sentence: how many came, and what they say.</summary>
    public static string Describe(WanStatus wan)
    {
        var answers = wan.Votes.Select(v => v.Address).OfType<string>().ToArray();
        var came = $"{answers.Length} of {Phrases.Count(wan.Votes.Length, "source")} answered";
        var shares = answers
            .GroupBy(a => a)
            .OrderByDescending(g => g.Count())
            .Take(Phrases.MaxValues)
            .Select(g => $"{g.Key}: {Percent(g.Count(), answers.Length)}");
        return answers.Length == 0 ? came : $"{came} · {string.Join(" · ", shares)}";
    }

    private static string Percent(int part, int whole) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100.0 * part / whole)} %");
}
