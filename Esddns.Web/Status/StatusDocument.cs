namespace Esddns.Web.Status;

/// <summary>
/// The operator's <c>/status</c>, as far as this service shows it. Fields that it does not know are passed over, and
/// those without which it can do are optional: the two services are not updated at the same moment.
/// </summary>
public sealed record StatusDocument(
    long Round,
    DateTimeOffset At,
    bool InSync,
    WanStatus[] Wan,
    RecordStatus[] Records,
    ChangeStatus[] History,
    string By = "",
    string? Leader = null,
    StaleStatus? Stale = null
)
{
    /// <summary>The first record that is not as it should be; null when there is none.</summary>
    public RecordStatus? FirstOutOfSync => Array.Find(Records, r => !r.InSync && r.Standing != RecordStatus.Skipped);

    /// <summary>Whether no list has a gap, which the types do not show.</summary>
    internal bool IsWhole =>
        AreWhole(Wan, Records, History)
        && Wan.All(w => AreWhole(w.Votes, w.Signs))
        && Records.All(r => r.IsWhole)
        && History.All(c => AreWhole(c.From, c.To));

    /// <summary>Whether none of the lists has a gap.</summary>
    internal static bool AreWhole(params ReadOnlySpan<object?[]?> lists)
    {
        foreach (var list in lists)
            if (list?.Contains(null) == true)
                return false;
        return true;
    }
}

/// <summary>Since when the operator itself cannot learn what is new, and why.</summary>
public sealed record StaleStatus(DateTimeOffset Since, string Reason);

/// <summary>The WAN address of one family.</summary>
public sealed record WanStatus(
    string Family,
    string? Address,
    string Verdict,
    VoteStatus[] Votes,
    string[] Signs,
    DateTimeOffset? Since = null,
    string? Reason = null,
    DateTimeOffset? CheckedAt = null
)
{
    /// <summary>Whether the last round agreed on it.</summary>
    public bool IsUsable => Verdict == "Agreed" && Address is not null;
}

/// <summary>What one source answered.</summary>
public sealed record VoteStatus(string Source, string Class, string? Address, bool Counted, string? Reason = null);

/// <summary>A failure.</summary>
public sealed record ErrorStatus(string Message);

/// <summary>A write that took effect.</summary>
public sealed record ChangeStatus(
    DateTimeOffset At,
    string Fqdn,
    string Type,
    string[]? From,
    string[] To,
    string Why,
    double? ConvergedAfter = null
);
