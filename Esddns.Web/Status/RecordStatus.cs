namespace Esddns.Web.Status;

/// <summary>One record. An operator without <see cref="State"/> reports an <see cref="Outcome"/> instead.</summary>
public sealed record RecordStatus(
    string Fqdn,
    int Ttl,
    bool InSync,
    RecordKeyStatus? Key = null,
    string? Type = null,
    string? State = null,
    string? Reason = null,
    string? Outcome = null,
    string[]? Current = null,
    string[]? Foreign = null,
    DateTimeOffset? LastAttempt = null,
    DateTimeOffset? LastVerified = null,
    DateTimeOffset? LastWritten = null,
    DateTimeOffset? LastSuccess = null,
    DateTimeOffset? LastUpdate = null,
    ErrorStatus? LastError = null,
    PropagationStatus? Propagation = null,
    DriftStatus? LastDrift = null,
    string? Href = null
)
{
    /// <summary>The record has no address to publish, and this is certain.</summary>
    internal const string Skipped = "Skipped";

    /// <summary>The record is in sync.</summary>
    internal const string UpToDate = "UpToDate";

    /// <summary>A or AAAA.</summary>
    internal string RecordType => Type ?? Key?.Type ?? "";

    /// <summary>The state of the record. A newer operator can report states that this service does not know.</summary>
    internal string Standing =>
        State
        ?? Outcome switch
        {
            "Noop" or "Updated" => InSync ? UpToDate : "Pending",
            "Preserved" => "LeftAlone",
            { } word => word,
            null => InSync ? UpToDate : "Unknown",
        };

    /// <summary>The reason of the state; null if there is none.</summary>
    internal string? Why => Reason ?? (Outcome == "Failed" ? LastError?.Message : null);

    /// <summary>Whether no list contains null, which the types do not guarantee.</summary>
    internal bool IsWhole =>
        StatusDocument.AreWhole(Current, Foreign, Propagation?.Others, LastDrift?.From, LastDrift?.To);
}

/// <summary>The key of a record at the DNS provider.</summary>
public sealed record RecordKeyStatus(string Name, string? Type = null);

/// <summary>The result of the last query to the zone's name servers.</summary>
/// <param name="IsDone">Whether all name servers serve the record.</param>
/// <param name="Others">The name servers that do not serve it.</param>
/// <param name="Asked">The number of queried name servers; 0 if the operator does not report it.</param>
public sealed record PropagationStatus(bool IsDone, ServerStatus[] Others, int Asked = 0);

/// <summary>A name server.</summary>
public sealed record ServerStatus(string Server);

/// <summary>A foreign edit of a record.</summary>
public sealed record DriftStatus(DateTimeOffset At, string[] From, string[] To);
