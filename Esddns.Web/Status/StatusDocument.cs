namespace Esddns.Web.Status;

/// <summary>
/// The fields of the operator's <c>/status</c> that this service shows. It ignores unknown fields, and fields that it
/// does not need are optional, because the two services are not updated at the same time.
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
    /// <summary>The first record that is not in sync; null if there is none.</summary>
    public RecordStatus? FirstOutOfSync => Array.Find(Records, r => !r.InSync && r.Standing != RecordStatus.Skipped);

    /// <summary>Whether no list contains null, which the types do not guarantee.</summary>
    internal bool IsWhole =>
        AreWhole(Wan, Records, History)
        && Wan.All(w => AreWhole(w.Votes, w.Signs))
        && Records.All(r => r.IsWhole)
        && History.All(c => AreWhole(c.From, c.To));

    /// <summary>Whether none of the lists contains null.</summary>
    internal static bool AreWhole(params ReadOnlySpan<object?[]?> lists)
    {
        foreach (var list in lists)
            if (list?.Contains(null) == true)
                return false;
        return true;
    }
}

/// <summary>The time since which the operator cannot read the current state of the cluster, and the reason.</summary>
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
    /// <summary>Whether the last round agreed on the address.</summary>
    public bool IsUsable => Verdict == "Agreed" && Address is not null;
}

/// <summary>The answer of one source.</summary>
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
