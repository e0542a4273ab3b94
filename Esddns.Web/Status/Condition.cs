using Esddns.Contracts;

namespace Esddns.Web.Status;

/// <summary>The state of all records in one word, and its reason.</summary>
/// <param name="Word"><see cref="InSync"/>, <see cref="OutOfSync"/> or <see cref="Unknown"/>.</param>
/// <param name="Reason">The reason in one line without a full stop; null when all records are in sync.</param>
internal sealed record Condition(string Word, string? Reason)
{
    /// <summary>All records are up to date or skipped.</summary>
    public const string InSync = "InSync";

    /// <summary>At least one record is known not to be up to date.</summary>
    public const string OutOfSync = "OutOfSync";

    /// <summary>Not known: no status, no records, or a record that could not be read.</summary>
    public const string Unknown = "Unknown";

    /// <summary>The condition of one record.</summary>
    public static string Of(RecordStatus record) =>
        record.StateOrUnknown switch
        {
            StatusExtensions.UpToDate or StatusExtensions.Skipped => InSync,
            "Pending" or "LeftAlone" or "Failed" => OutOfSync,
            _ => Unknown,
        };

    /// <summary>The condition of all records. Staleness does not change it: it is told beside it.</summary>
    public static Condition Of(StatusDocument? status)
    {
        if (status is null)
            return new Condition(Unknown, "no status yet");
        if (status.InSync)
            return new Condition(InSync, null);
        if (status.Records is [])
            return new Condition(Unknown, "no records configured");
        var first =
            Array.Find(status.Records, r => Of(r) == OutOfSync) ?? Array.Find(status.Records, r => Of(r) == Unknown);
        return first is null
            ? new Condition(Unknown, "not all records are up to date")
            : new Condition(Of(first), $"{first.Fqdn} {first.RecordType}: {first.Reason ?? first.StateOrUnknown}");
    }
}
