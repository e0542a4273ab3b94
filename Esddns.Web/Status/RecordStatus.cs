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
    /// <summary>There is nothing to publish, and that is certain.</summary>
    internal const string Skipped = "Skipped";

    /// <summary>It is as it should be.</summary>
    internal const string UpToDate = "UpToDate";

    /// <summary>A or AAAA.</summary>
    internal string RecordType => Type ?? Key?.Type ?? "";

    /// <summary>How it stands: a word of the operator, which may be a new one.</summary>
    internal string Standing =>
        State
        ?? Outcome switch
        {
            "Noop" or "Updated" => InSync ? UpToDate : "Pending",
            "Preserved" => "LeftAlone",
            { } word => word,
            null => InSync ? UpToDate : "Unknown",
        };

    /// <summary>Why it stands so; null when there is nothing to say.</summary>
    internal string? Why => Reason ?? (Outcome == "Failed" ? LastError?.Message : null);

    /// <summary>Whether no list has a gap, which the types do not show.</summary>
    internal bool IsWhole =>
        StatusDocument.AreWhole(Current, Foreign, Propagation?.Others, LastDrift?.From, LastDrift?.To);
}

/// <summary>Where the DNS provider has a record.</summary>
public sealed record RecordKeyStatus(string Name, string? Type = null);

/// <summary>What the zone's own name servers answered when they were last asked.</summary>
/// <param name="IsDone">Whether all of them answer with the record.</param>
/// <param name="Others">Those that do not.</param>
/// <param name="Asked">How many were asked; 0 when the operator does not report it.</param>
public sealed record PropagationStatus(bool IsDone, ServerStatus[] Others, int Asked = 0);

/// <summary>A name server.</summary>
public sealed record ServerStatus(string Server);

/// <summary>Somebody else's edit.</summary>
public sealed record DriftStatus(DateTimeOffset At, string[] From, string[] To);
