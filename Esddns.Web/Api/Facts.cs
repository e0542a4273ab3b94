using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Api;

/// <summary>Facts that the API, the events and the badges derive from a status.</summary>
internal static class Facts
{
    extension(CachedStatus cached)
    {
        /// <summary>The state of all records as one word.</summary>
        public SyncState State =>
            cached.Status switch
            {
                null => SyncState.Unknown,
                { InSync: true } => SyncState.InSync,
                var status when status.Records.Any(r => r.SyncState == SyncState.OutOfSync) => SyncState.OutOfSync,
                _ => SyncState.Unknown,
            };

        /// <summary>The reason for the state; null if all records are in sync.</summary>
        public string? Reason =>
            cached.Status switch
            {
                null => cached.Problem ?? "No status yet",
                { InSync: true } => null,
                { Records: [] } => "No records are configured",
                { FirstOutOfSync: { } record } => $"{record.Fqdn} {record.RecordType}: {record.Explanation}",
                _ => "Not all records are in sync",
            };

        /// <summary>The time and the age of the status.</summary>
        public Freshness Freshness =>
            new(
                cached.Status?.At.ToUniversalTime(),
                cached.IsStale,
                cached.IsStale && cached.Age is { } age ? Math.Round(age.TotalSeconds, 1) : null,
                cached.Problem
            );
    }

    extension(RecordStatus record)
    {
        /// <summary>The state of the record as one of three words.</summary>
        public SyncState SyncState =>
            record.InSync ? SyncState.InSync
            : record.StateOrUnknown is "Unknown" or "Pending" ? SyncState.Unknown
            : SyncState.OutOfSync;

        /// <summary>The state and its reason, for people.</summary>
        public string Explanation =>
            record.Reason is { } reason ? $"{record.StateOrUnknown}: {reason}" : record.StateOrUnknown;

        /// <summary>Identifies the record in the list: its name and type.</summary>
        public string Id => $"{record.Fqdn}/{record.RecordType}";
    }
}
