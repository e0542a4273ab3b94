using Esddns.Web.Api;
using Esddns.Web.Status;

namespace Esddns.Web.Badges;

/// <summary>A badge: what it is about, and its state as a word and a colour.</summary>
/// <param name="Label">The record.</param>
/// <param name="Message">The state in words.</param>
/// <param name="Color">The colour, by its name at shields.io.</param>
internal sealed record Badge(string Label, string Message, string Color)
{
    private const string Grey = "lightgrey";

    /// <summary>The badge of a record; null if there is no such record.</summary>
    public static Badge? Of(CachedStatus cached, string fqdn, string type)
    {
        if (cached.Status is not { } status)
            return new Badge($"{fqdn} {type}", "unknown", Grey);
        if (RecordNames.Find(status.Records, fqdn, type) is not { } record)
            return null;
        var label = $"{record.Fqdn} {record.RecordType}";
        // An old state is not a green one.
        return cached.IsStale ? new Badge(label, "stale", Grey)
            : record.StateOrUnknown == StatusExtensions.Skipped ? new Badge(label, "skipped", Grey)
            : record.SyncState switch
            {
                SyncState.InSync => new Badge(label, "in sync", "brightgreen"),
                SyncState.OutOfSync => new Badge(label, "out of sync", "red"),
                _ => new Badge(label, "unknown", Grey),
            };
    }
}
