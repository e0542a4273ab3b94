using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Api;

/// <summary>The answer of <c>/api/v1/records</c>: one page of the records, in the order of the configuration.</summary>
/// <param name="Freshness">The time of the status, and whether it may be out of date.</param>
/// <param name="Total">The number of records that the parameters select, on all pages.</param>
/// <param name="Records">The records of this page.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
public sealed record RecordPage(Freshness Freshness, int Total, RecordDocument[] Records, string? Next);

/// <summary>The answer of <c>/api/v1/records/{fqdn}/{type}</c>.</summary>
/// <param name="Freshness">The time of the status, and whether it may be out of date.</param>
/// <param name="Record">The record.</param>
public sealed record RecordAnswer(Freshness Freshness, RecordDocument Record);

/// <summary>A record that the operator maintains.</summary>
/// <param name="Fqdn">The name that resolvers query, in lower-case ASCII.</param>
/// <param name="Type">A or AAAA.</param>
/// <param name="Zone">The zone at the DNS provider; null until it is found.</param>
/// <param name="State">Pending, UpToDate, Skipped, LeftAlone, Failed or Unknown. Later versions can have further
/// states.</param>
/// <param name="SyncState">The same as one of three words.</param>
/// <param name="Reason">The reason for the state; null when there is none.</param>
/// <param name="DeclaredBy">The configuration or object that declares the record.</param>
/// <param name="Ttl">The desired TTL in seconds.</param>
/// <param name="Values">The values at the last read; null when unknown, empty when the record does not exist.</param>
/// <param name="Desired">The values that the operator wants; null before the first agreement.</param>
/// <param name="Ours">Those of the values that are ours.</param>
/// <param name="Foreign">Those of the values that are not ours. They are kept.</param>
/// <param name="Outcome">The outcome of the last attempt: Pending, Noop, Updated, Preserved, Failed or Skipped.</param>
/// <param name="LastVerified">When the desired values were last confirmed.</param>
/// <param name="LastWritten">When it was last written.</param>
/// <param name="LastAttempt">When the DNS provider was last called for it.</param>
/// <param name="NameServers">The last answers of the zone's name servers; null before the first query.</param>
/// <param name="LastDrift">The last change by another client.</param>
/// <param name="LastError">The last fault; it is kept after its end.</param>
/// <param name="Href">The URL of the record in the API of the DNS provider.</param>
public sealed record RecordDocument(
    string Fqdn,
    string Type,
    string? Zone,
    string State,
    SyncState SyncState,
    string? Reason,
    string? DeclaredBy,
    int Ttl,
    string[]? Values,
    string[]? Desired,
    string[] Ours,
    string[] Foreign,
    string? Outcome,
    DateTimeOffset? LastVerified,
    DateTimeOffset? LastWritten,
    DateTimeOffset? LastAttempt,
    NameServersDocument? NameServers,
    DriftDocument? LastDrift,
    ErrorDocument? LastError,
    string? Href
)
{
    /// <summary>Converts a record.</summary>
    internal static RecordDocument Of(RecordStatus record) =>
        new(
            record.Fqdn,
            record.RecordType,
            record.Key?.Zone,
            record.StateOrUnknown,
            record.SyncState,
            record.Reason,
            record.WantedBy,
            record.Ttl,
            record.Current,
            record.Desired,
            record.Ours ?? [],
            record.Foreign ?? [],
            record.Outcome,
            record.LastVerified?.ToUniversalTime(),
            record.LastWritten?.ToUniversalTime(),
            record.LastAttempt?.ToUniversalTime(),
            record.Propagation is { } propagation ? NameServersDocument.Of(propagation) : null,
            record.LastDrift is { } drift ? new DriftDocument(drift.At.ToUniversalTime(), drift.From, drift.To) : null,
            record.LastError is { } error ? ErrorDocument.Of(error) : null,
            record.Href
        );
}

/// <summary>The last answers of the zone's name servers.</summary>
/// <param name="At">When they were queried.</param>
/// <param name="Asked">The number of queried name servers; 0 when unknown.</param>
/// <param name="Done">Whether all of them serve the record.</param>
/// <param name="Expected">The expected values.</param>
/// <param name="Others">The name servers with another answer.</param>
/// <param name="Contradiction">The reason why resolvers do not get the record; null while it is uncertain.</param>
public sealed record NameServersDocument(
    DateTimeOffset At,
    int Asked,
    bool Done,
    string[]? Expected,
    NameServerDocument[] Others,
    string? Contradiction
)
{
    /// <summary>Converts the answers.</summary>
    internal static NameServersDocument Of(PropagationStatus propagation) =>
        new(
            propagation.At.ToUniversalTime(),
            propagation.Asked,
            propagation.IsDone,
            propagation.Expected,
            [.. propagation.Others.Select(o => new NameServerDocument(o.Server, o.Values, o.Ttl, o.Reason))],
            propagation.Contradiction
        );
}

/// <summary>A name server with another answer.</summary>
/// <param name="Server">The name server.</param>
/// <param name="Values">The addresses; null for any other answer.</param>
/// <param name="Ttl">The TTL of the addresses in seconds.</param>
/// <param name="Reason">The other answer in words.</param>
public sealed record NameServerDocument(string Server, string[]? Values, int? Ttl, string? Reason);

/// <summary>A change of a record by another client.</summary>
/// <param name="At">When it was detected.</param>
/// <param name="From">The values that the operator knew.</param>
/// <param name="To">The values that were read.</param>
public sealed record DriftDocument(DateTimeOffset At, string[] From, string[] To);

/// <summary>A fault.</summary>
/// <param name="At">When it occurred.</param>
/// <param name="Message">One line for people.</param>
/// <param name="Type">Its type, from a small set.</param>
/// <param name="RetryAt">When the DNS provider is called again, if the wait is long.</param>
public sealed record ErrorDocument(DateTimeOffset At, string Message, string? Type, DateTimeOffset? RetryAt)
{
    /// <summary>Converts a fault.</summary>
    internal static ErrorDocument Of(ErrorStatus error) =>
        new(error.At.ToUniversalTime(), error.Message, error.Type, error.RetryAt?.ToUniversalTime());
}
