using System.Globalization;
using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Pages;

/// <summary>Converts the fields of a status to display text.</summary>
internal static class DisplayText
{
    /// <summary>The maximum number of displayed values of one list.</summary>
    private const int MaxValues = 20;

    /// <summary>The headline of the page.</summary>
    public static string Headline(CachedStatus cached) =>
        cached switch
        {
            { Status: null } => "No status yet",
            { IsStale: true } => "Last known state",
            { Status.InSync: true } => "All records up to date",
            { Status.FirstOutOfSync: { } record } =>
                $"{record.Fqdn} {record.RecordType} is not up to date: {State(record)}",
            { Status.Records: [] } => "No records configured",
            _ => "Not all records are up to date",
        };

    /// <summary>The state of a record and its reason.</summary>
    public static string State(RecordStatus record)
    {
        var state = record.StateOrUnknown switch
        {
            StatusExtensions.UpToDate => "up to date",
            StatusExtensions.Skipped => "skipped",
            "Pending" => "pending",
            "LeftAlone" => "left alone",
            "Failed" => "failed",
            "Unknown" => "unknown",
            var word => word,
        };
        return record.Reason is { } reason ? $"{state}: {reason}" : state;
    }

    /// <summary>The CSS class of the state: good, neutral or bad.</summary>
    public static string Colour(RecordStatus record) =>
        record.StateOrUnknown switch
        {
            StatusExtensions.UpToDate => "good",
            StatusExtensions.Skipped => "neutral",
            _ => "bad",
        };

    /// <summary>
    /// The foreign values and the last foreign edit of a record, for display after its state. Empty if the state shows
    /// them.
    /// </summary>
    public static string Edits(RecordStatus record)
    {
        if (record is { StateOrUnknown: StatusExtensions.UpToDate, Reason: not null })
            return "";
        var edits = "";
        if (record.Foreign is { Length: > 0 } foreign)
            edits += "; " + StatusText.ForeignKept(foreign.Length, Values(foreign));
        if (record.LastDrift is { } drift)
            edits += "; " + StatusText.ForeignChange(drift.At);
        return edits;
    }

    /// <summary>The number of the zone's name servers that serve the record.</summary>
    public static string NameServers(PropagationStatus? propagation) =>
        propagation switch
        {
            null => "not asked yet",
            { Asked: > 0 and var asked, Others.Length: var others } => $"{Math.Max(0, asked - others)} of {asked}",
            { IsDone: true } => "all",
            { Others.Length: var others } => $"all but {others}",
        };

    /// <summary>A time in UTC, or "never".</summary>
    public static string When(DateTimeOffset? at) => at is { } time ? StatusText.Utc(time) : "never";

    /// <summary>The values of a record, separated by commas.</summary>
    public static string Values(string[]? values)
    {
        if (values is null)
            return "unknown";
        if (values.Length == 0)
            return "none";
        var shown = string.Join(", ", values.Take(MaxValues));
        return values.Length > MaxValues ? $"{shown} and {values.Length - MaxValues} more" : shown;
    }

    /// <summary>A duration in seconds; empty if unknown.</summary>
    public static string Took(double? seconds) =>
        seconds is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s:0.0} s") : "";
}
