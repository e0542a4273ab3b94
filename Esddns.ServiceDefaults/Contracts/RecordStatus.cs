using System.Text.Json.Serialization;

namespace Esddns.Contracts;

/// <summary>The status of one record.</summary>
/// <param name="Fqdn">The name.</param>
/// <param name="Ttl">The desired TTL in seconds.</param>
/// <param name="InSync">Whether the state is UpToDate or Skipped.</param>
/// <param name="Type">A or AAAA.</param>
/// <param name="State">Pending, UpToDate, Skipped, LeftAlone, Failed or Unknown. A newer operator can report further
/// states.</param>
/// <param name="Reason">The reason for the state; null when there is none.</param>
/// <param name="Key">The record at the DNS provider; null until its zone is found.</param>
/// <param name="WantedBy">The configuration or object that declares it.</param>
/// <param name="Desired">The desired values of ours; null before the first agreement.</param>
/// <param name="Current">The values at the last read; null when unknown, empty when the record does not exist.</param>
/// <param name="Ours">The values that are ours.</param>
/// <param name="Former">The values that were ours earlier, newest first.</param>
/// <param name="Unread">Values that are not addresses in canonical form, as the DNS provider returns them. They are
/// kept unchanged.</param>
/// <param name="Foreign">Values that are not ours.</param>
/// <param name="IsOwnershipOutdated">Whether values may have been sent that are not remembered.</param>
/// <param name="Sent">The write that is not confirmed yet.</param>
/// <param name="Unanswered">When the last write without a response was sent, while it may still take effect.</param>
/// <param name="Outcome">The outcome of the last attempt: Pending, Noop, Updated, Preserved, Failed or Skipped.</param>
/// <param name="Preserved">Why the record is preserved or skipped.</param>
/// <param name="LastAttempt">When the DNS provider was last called for it.</param>
/// <param name="LastVerified">When the desired values were last confirmed.</param>
/// <param name="LastWritten">When it was last written.</param>
/// <param name="LastError">The last fault; it is kept after its end.</param>
/// <param name="Propagation">The last answers of the zone's name servers.</param>
/// <param name="LastDrift">The last change by another client.</param>
/// <param name="Href">The URL of the record in the API of the DNS provider.</param>
public sealed record RecordStatus(
    string Fqdn,
    int Ttl,
    bool InSync,
    string? Type = null,
    string? State = null,
    string? Reason = null,
    RecordKeyStatus? Key = null,
    string? WantedBy = null,
    string[]? Desired = null,
    string[]? Current = null,
    string[]? Ours = null,
    string[]? Former = null,
    string[]? Unread = null,
    string[]? Foreign = null,
    bool IsOwnershipOutdated = false,
    SentStatus? Sent = null,
    DateTimeOffset? Unanswered = null,
    string? Outcome = null,
    PreservedStatus? Preserved = null,
    DateTimeOffset? LastAttempt = null,
    DateTimeOffset? LastVerified = null,
    DateTimeOffset? LastWritten = null,
    ErrorStatus? LastError = null,
    PropagationStatus? Propagation = null,
    DriftStatus? LastDrift = null,
    string? Href = null
)
{
    /// <summary>Whether no list contains null, which the types do not guarantee.</summary>
    internal bool HasNoNulls =>
        StatusDocument.HaveNoNulls(Desired, Current, Ours, Former, Unread, Foreign)
        && StatusDocument.HaveNoNulls(Sent?.From, LastDrift?.From, LastDrift?.To, Propagation?.Expected)
        && StatusDocument.HaveNoNulls(Propagation?.Others)
        && Propagation?.Others.All(o => StatusDocument.HaveNoNulls(o.Values)) != false;
}

/// <summary>The record at the DNS provider.</summary>
/// <param name="Name">The owner name within the zone; <c>@</c> for the zone itself.</param>
/// <param name="Zone">The zone.</param>
/// <param name="Type">A or AAAA.</param>
/// <param name="Fqdn">The name that resolvers query.</param>
public sealed record RecordKeyStatus(string Name, string? Zone = null, string? Type = null, string? Fqdn = null);

/// <summary>A write that is not confirmed yet.</summary>
/// <param name="From">The values before; null when they were unknown.</param>
/// <param name="Why">The cause of the write.</param>
public sealed record SentStatus(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string[]? From,
    string Why
);

/// <summary>The reason why a record is preserved or skipped.</summary>
/// <param name="Since">The start; a new reason does not reset it.</param>
/// <param name="Reason">The reason.</param>
/// <param name="WasRead">Whether the record was read, so that its content may be the reason.</param>
public sealed record PreservedStatus(DateTimeOffset Since, string Reason, bool WasRead = false);

/// <summary>A fault.</summary>
/// <param name="Message">One line for people.</param>
/// <param name="At">When it occurred.</param>
/// <param name="Type">Its type, from a small set.</param>
/// <param name="RetryAt">When the DNS provider is called again, if the wait is long.</param>
public sealed record ErrorStatus(
    string Message,
    DateTimeOffset At = default,
    string? Type = null,
    DateTimeOffset? RetryAt = null
);

/// <summary>The result of the last query to the zone's name servers.</summary>
/// <param name="IsDone">Whether all name servers return the record.</param>
/// <param name="Others">The name servers with another answer.</param>
/// <param name="Asked">The number of queried name servers; 0 when unknown.</param>
/// <param name="At">When they were queried.</param>
/// <param name="Expected">The expected values.</param>
/// <param name="Contradiction">The reason why resolvers do not get the record; null while it is uncertain.</param>
public sealed record PropagationStatus(
    bool IsDone,
    ServerStatus[] Others,
    int Asked = 0,
    DateTimeOffset At = default,
    string[]? Expected = null,
    string? Contradiction = null
);

/// <summary>The answer of a name server.</summary>
/// <param name="Server">The name server.</param>
/// <param name="Values">The addresses; null for any other answer.</param>
/// <param name="Reason">The other answer in words.</param>
/// <param name="Kind">Records, Alias, OtherZone, NotResponsible or Unknown.</param>
/// <param name="Ttl">The TTL of the addresses in seconds.</param>
public sealed record ServerStatus(
    string Server,
    string[]? Values = null,
    string? Reason = null,
    string? Kind = null,
    int? Ttl = null
);

/// <summary>A change of a record by another client.</summary>
/// <param name="At">When it was detected.</param>
/// <param name="From">The values that the operator knew.</param>
/// <param name="To">The values that were read.</param>
public sealed record DriftStatus(DateTimeOffset At, string[] From, string[] To);
