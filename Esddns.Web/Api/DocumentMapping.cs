using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Api;

/// <summary>Maps the operator's status to the documents of the API.</summary>
internal static class DocumentMapping
{
    /// <summary>The staleness of a status; null while it is current.</summary>
    public static Staleness? Stale(this CachedStatus cached) =>
        cached.Problem is { } problem ? new Staleness(problem, cached.Age?.TotalSeconds) : null;

    /// <summary>The summary of a status.</summary>
    public static StatusSummary Summary(StatusDocument status, Staleness? stale)
    {
        var condition = Condition.Of(status);
        return new StatusSummary(
            condition.Word,
            condition.Reason,
            Count(status.Records),
            [.. status.Wan.Select(w => new AddressSummary(w.Family, w.Address, w.Verdict))],
            status.Round,
            status.At,
            status.By,
            status.Leader,
            stale
        );
    }

    /// <summary>The address of one family.</summary>
    public static AddressDocument Of(WanStatus wan) =>
        new(
            wan.Family,
            wan.Address,
            wan.Previous,
            wan.Since,
            wan.Verdict,
            wan.Reason,
            wan.CheckedAt,
            wan.NextCheckAt,
            wan.IsBehindCarrierNat,
            wan.Signs,
            [
                .. wan
                    .Votes.Where(v => v.Counted && v.Address is not null && v.Address == wan.Address)
                    .Select(v => v.Provider)
                    .Distinct(),
            ]
        );

    /// <summary>A record.</summary>
    public static RecordDocument Of(RecordStatus record) =>
        new(
            record.Fqdn,
            record.RecordType,
            record.StateOrUnknown,
            record.Reason,
            record.InSync,
            record.Ttl,
            record.Key?.Zone,
            record.WantedBy,
            record.Current,
            record.Desired,
            record.Ours ?? [],
            record.Foreign ?? [],
            record.Propagation is { } seen
                ? new NameServerCount(
                    seen.Asked,
                    Math.Max(0, seen.Asked - seen.Others.Length),
                    seen.At,
                    [.. seen.Others.Select(o => o.Server)]
                )
                : null,
            record.LastAttempt,
            record.LastVerified,
            record.LastWritten,
            record.LastError is { } error ? new ErrorDocument(error.Message, error.At, error.RetryAt) : null,
            record.LastDrift is { } drift ? new ForeignChangeDocument(drift.At, drift.From, drift.To) : null
        );

    /// <summary>A confirmed write.</summary>
    public static ChangeDocument Of(ChangeStatus change) =>
        new(change.At, change.Fqdn, change.Type, change.From, change.To, change.Why, change.ConvergedAfter, change.By);

    /// <summary>The sources of one family.</summary>
    public static IEnumerable<SourceDocument> Sources(WanStatus wan) =>
        wan.Votes.Select(vote => new SourceDocument(
            vote.Source,
            vote.Provider,
            vote.Class,
            wan.Family,
            vote.Address,
            vote.Counted,
            vote.Address is null || wan.Address is null ? null : vote.Address == wan.Address,
            vote.Seconds,
            vote.Reason,
            vote.Via
        ));

    private static RecordCounts Count(RecordStatus[] records)
    {
        var by = records.CountBy(r => r.StateOrUnknown).ToDictionary(StringComparer.Ordinal);
        int Of(string state) => by.GetValueOrDefault(state);
        var (upToDate, skipped) = (Of(StatusExtensions.UpToDate), Of(StatusExtensions.Skipped));
        var (pending, leftAlone, failed) = (Of("Pending"), Of("LeftAlone"), Of("Failed"));
        var unknown = records.Length - upToDate - skipped - pending - leftAlone - failed;
        return new RecordCounts(records.Length, upToDate, skipped, pending, leftAlone, failed, unknown);
    }
}
