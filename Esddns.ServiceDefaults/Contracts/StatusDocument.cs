using System.Text.Json.Serialization;

namespace Esddns.Contracts;

/// <summary>
/// The answer of the operator's <c>GET /status</c>, and the data of each event of <c>/status/stream</c>, which leaves
/// out optional fields that are null. A reader must ignore unknown fields and accept missing optional ones, because the
/// services are not updated at the same time.
/// </summary>
/// <param name="Round">The number of rounds since the state was first stored.</param>
/// <param name="At">When the state last changed.</param>
/// <param name="InSync">Whether there are records, and all of them are up to date or skipped.</param>
/// <param name="Wan">The public address of each family that records need.</param>
/// <param name="Records">The records, in the order of the configuration.</param>
/// <param name="History">The last 200 changes, newest first.</param>
/// <param name="By">The writer of the state: the host, or the pod and its node.</param>
/// <param name="Leader">In a cluster, the holder of the Lease.</param>
/// <param name="Stale">In a cluster, the reason why this pod cannot read newer state; null while it can.</param>
/// <param name="Nodes">In a cluster, the addresses that nodes observe.</param>
/// <param name="Transitions">The newest changes of the state of records, newest first.</param>
/// <param name="TransitionsSince">The time after which <paramref name="Transitions"/> is complete; null when
/// unknown.</param>
public sealed record StatusDocument(
    long Round,
    DateTimeOffset At,
    bool InSync,
    WanStatus[] Wan,
    RecordStatus[] Records,
    ChangeStatus[] History,
    string By = "",
    string? Leader = null,
    StaleStatus? Stale = null,
    NodeStatus[]? Nodes = null,
    TransitionStatus[]? Transitions = null,
    DateTimeOffset? TransitionsSince = null
)
{
    /// <summary>Whether no list contains null, which the types do not guarantee.</summary>
    internal bool HasNoNulls =>
        HaveNoNulls(Wan, Records, History, Nodes, Transitions)
        && Wan.All(w => HaveNoNulls(w.Votes, w.Signs, w.Participants))
        && Records.All(r => r.HasNoNulls)
        && History.All(c => HaveNoNulls(c.From, c.To))
        && Nodes?.All(n => HaveNoNulls(n.Names)) != false;

    /// <summary>Whether none of the lists contains null.</summary>
    internal static bool HaveNoNulls(params ReadOnlySpan<object?[]?> lists)
    {
        foreach (var list in lists)
            if (list?.Contains(null) == true)
                return false;
        return true;
    }
}

/// <summary>The reason why a status may be out of date.</summary>
/// <param name="Since">The time since which there are no updates.</param>
/// <param name="Reason">The reason.</param>
public sealed record StaleStatus(DateTimeOffset Since, string Reason);

/// <summary>An address and the nodes that observe it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Count">The number of nodes.</param>
/// <param name="Names">The names of the first ten nodes.</param>
public sealed record NodeStatus(string Address, int Count, string[] Names);

/// <summary>A confirmed write.</summary>
/// <param name="At">When it was confirmed.</param>
/// <param name="Fqdn">The name of the record.</param>
/// <param name="Type">A or AAAA.</param>
/// <param name="From">The values before; null when they were unknown.</param>
/// <param name="To">The values after it.</param>
/// <param name="Why">The trigger of the round, and its finding.</param>
/// <param name="ConvergedAfter">Seconds from the first differing observation to the confirmed write; null when nothing
/// differed.</param>
/// <param name="By">The writer.</param>
public sealed record ChangeStatus(
    DateTimeOffset At,
    string Fqdn,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string[]? From,
    string[] To,
    string Why,
    double? ConvergedAfter = null,
    string By = ""
);

/// <summary>
/// A change of a record between the conditions <c>InSync</c>, <c>OutOfSync</c> and <c>Unknown</c>.
/// </summary>
/// <param name="At">When it changed.</param>
/// <param name="Fqdn">The name of the record.</param>
/// <param name="Type">A or AAAA.</param>
/// <param name="From">The condition before; null when the record had none yet.</param>
/// <param name="To">The condition after; null when the record is not declared any more.</param>
public sealed record TransitionStatus(
    DateTimeOffset At,
    string Fqdn,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? From,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? To
);
