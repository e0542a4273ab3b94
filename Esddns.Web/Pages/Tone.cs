using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Pages;

/// <summary>How good a state is. Each has its own color, shape and word.</summary>
public enum Tone
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Wrong; someone should look.</summary>
    Bad,

    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Nothing to judge.</summary>
    Neutral,
}

/// <summary>Finds the tone of a state.</summary>
internal static class Tones
{
    /// <summary>The tone of a condition.</summary>
    public static Tone Of(string condition) =>
        condition switch
        {
            Condition.InSync => Tone.Good,
            Condition.OutOfSync => Tone.Bad,
            _ => Tone.Unknown,
        };

    /// <summary>The tone of a record.</summary>
    public static Tone Of(RecordStatus record) =>
        record.StateOrUnknown == StatusExtensions.Skipped ? Tone.Neutral : Of(Condition.Of(record));

    /// <summary>The name of the CSS class and of the shape.</summary>
    public static string Name(this Tone tone) =>
        tone switch
        {
            Tone.Good => "good",
            Tone.Bad => "bad",
            Tone.Unknown => "unknown",
            _ => "neutral",
        };
}
