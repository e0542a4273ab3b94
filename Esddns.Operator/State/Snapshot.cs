using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Esddns.Operator.Net;

namespace Esddns.Operator.State;

/// <summary>
/// The complete state of the operator at one moment. Immutable, so it can be read without a lock. <c>/status</c>
/// returns it and the state file stores it. A property that the stored JSON lacks
/// becomes empty.
/// </summary>
internal sealed record Snapshot
{
    /// <summary>The maximum number of changes in <see cref="History"/>.</summary>
    public const int MaxHistory = 200;

    /// <summary>The snapshot of a new installation.</summary>
    public static Snapshot Empty { get; } = new();

    /// <summary>The number of rounds since the state was first stored.</summary>
    public long Round { get; init; }

    /// <summary>When the snapshot last changed.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The process that created it: the host name, or the names of pod and node.</summary>
    public string By
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>
    /// Whether it was loaded from a file that its process could no longer replace, so that later published values are
    /// missing. Not stored.
    /// </summary>
    [JsonIgnore]
    public bool IsOutdated { get; init; }

    /// <summary>In a cluster, the holder of the Lease as far as this process knows.</summary>
    public string? Leader { get; init; }

    /// <summary>
    /// In a cluster, the reason and the time since which this process gets no updates; null while it does.
    /// </summary>
    public Staleness? Stale { get; init; }

    /// <summary>In a cluster, the addresses that nodes observe, with the nodes.</summary>
    public ImmutableArray<NodeView> Nodes
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>The WAN address of each address family that records need.</summary>
    public ImmutableArray<WanState> Wan
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>The records, in the order of the configuration.</summary>
    [System.Text.Json.Serialization.JsonRequired]
    public RecordStates Records
    {
        get;
        init => field = value ?? RecordStates.Empty;
    } = RecordStates.Empty;

    /// <summary>The last <see cref="MaxHistory"/> changes, newest first.</summary>
    public ImmutableArray<Change> History
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>The changes of the conditions of records.</summary>
    [JsonIgnore]
    public Transitions Transitions
    {
        get;
        init => field = value ?? Transitions.None;
    } = Transitions.None;

    /// <summary>The time of <see cref="Transitions"/>, as it is stored.</summary>
    public DateTimeOffset? TransitionsSince
    {
        get => Transitions.Since;
        init => Transitions = Transitions with { Since = value };
    }

    /// <summary>The lines of <see cref="Transitions"/>, as they are stored.</summary>
    [JsonPropertyName("transitions")]
    public string[] TransitionLines
    {
        get => [.. Transitions.Entries.Select(t => t.ToString())];
        init => Transitions = Transitions with { Entries = Transitions.Parse(value) };
    }

    /// <summary>
    /// When the address sources are polled next, unless a trigger comes before; null when that is not planned.
    /// </summary>
    public DateTimeOffset? NextCheckAt { get; init; }

    /// <summary>Whether every record is up to date; skipped records do not count.</summary>
    public bool InSync => Records.Count > 0 && Records.All(r => r.InSync);

    /// <summary>The WAN state of a family; null when no record needs it.</summary>
    public WanState? WanOf(IpFamily family) => Wan.FirstOrDefault(w => w.Family == family);
}
