using System.Globalization;
using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Pages.Texts;

/// <summary>Converts values to short texts.</summary>
internal static class Phrases
{
    /// <summary>The maximum number of displayed values of one list.</summary>
    public const int MaxValues = 20;

    /// <summary>The word of a record's state.</summary>
    public static string StateWord(string state) =>
        state switch
        {
            StatusExtensions.UpToDate => Words.UpToDate,
            StatusExtensions.Skipped => "skipped",
            "Pending" => "pending",
            "LeftAlone" => "left alone",
            "Failed" => "failed",
            "Unknown" => "unknown",
            _ => state,
        };

    /// <summary>The state of a record and its reason.</summary>
    public static string State(RecordStatus record) =>
        StateWord(record.StateOrUnknown) + (ShortReason(record) is { } reason ? $": {reason}" : "");

    /// <summary>
    /// The reason of a record's state, without the answers of all sources in parentheses. The card of the address and
    /// the evidence show these.
    /// </summary>
    public static string? ShortReason(RecordStatus record)
    {
        if (
            record is not { Reason: { } reason, Preserved.Reason: { } why }
            || !reason.StartsWith(why, StringComparison.Ordinal)
            || !why.EndsWith(')')
        )
            return record.Reason;
        var answers = why.IndexOf(" (", StringComparison.Ordinal);
        return answers > 0 ? why[..answers] + reason[why.Length..] : reason;
    }

    /// <summary>The word of a condition.</summary>
    public static string ConditionWord(string? condition) =>
        condition switch
        {
            Condition.InSync => "in sync",
            Condition.OutOfSync => "out of sync",
            _ => "unknown",
        };

    /// <summary>The method of an evidence class, as people write it.</summary>
    public static string Method(string evidenceClass) =>
        evidenceClass switch
        {
            "Stun" => "STUN",
            "Https" => "HTTPS",
            "Dns" => "DNS",
            "Interface" => "interface",
            _ => evidenceClass,
        };

    /// <summary>The number of the zone's name servers that serve the record.</summary>
    public static string NameServers(PropagationStatus? propagation) =>
        propagation switch
        {
            null => Words.NotAskedYet,
            { Asked: > 0 and var asked, Others.Length: var others } => $"{Math.Max(0, asked - others)} of {asked}",
            { IsDone: true } => "all",
            { Others.Length: var others } => $"all but {others}",
        };

    /// <summary>Values, separated by commas.</summary>
    public static string Values(string[]? values)
    {
        if (values is null)
            return "unknown";
        if (values.Length == 0)
            return "none";
        var shown = string.Join(", ", values.Take(MaxValues));
        return values.Length > MaxValues ? $"{shown} and {values.Length - MaxValues} more" : shown;
    }

    /// <summary>Texts as a part of a sentence: <c>a, b and c</c>.</summary>
    public static string And(IReadOnlyList<string> texts) =>
        texts.Count < 2 ? string.Concat(texts) : $"{string.Join(", ", texts.SkipLast(1))} and {texts[^1]}";

    /// <summary>A number and its noun.</summary>
    public static string Count(int number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {noun}{(number == 1 ? "" : "s")}");

    /// <summary>A duration in seconds with one digit more than is known; empty if unknown.</summary>
    public static string Seconds(double? seconds) =>
        seconds switch
        {
            null => "",
            < 0.0005 => "< 1 ms",
            < 0.9995 and var s => string.Create(CultureInfo.InvariantCulture, $"{s * 1000:0} ms"),
            < 100 and var s => string.Create(CultureInfo.InvariantCulture, $"{s:0.0} s"),
            var s => Duration(TimeSpan.FromSeconds(Math.Min(s.Value, 1e9))),
        };

    /// <summary>A duration in its largest unit, rounded down but at least 1 s.</summary>
    public static string Duration(TimeSpan time) =>
        time switch
        {
            { TotalSeconds: < 60 } => $"{Math.Max(1, (int)time.TotalSeconds)} s",
            { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes} min",
            { TotalHours: < 48 } => $"{(int)time.TotalHours} h",
            _ => $"{(int)time.TotalDays} d",
        };

    /// <summary>A sentence that ends with a full stop.</summary>
    public static string Sentence(string text)
    {
        var trimmed = text.TrimEnd('.', ' ');
        return trimmed.Length == 0 ? "" : char.ToUpperInvariant(trimmed[0]) + trimmed[1..] + ".";
    }
}
