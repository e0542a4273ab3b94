using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Esddns.Operator.Agreement;
using Esddns.Operator.Dns;
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

    /// <summary>Whether every record is up to date; skipped records do not count.</summary>
    public bool InSync => Records.Count > 0 && Records.All(r => r.InSync);

    /// <summary>The WAN state of a family; null when no record needs it.</summary>
    public WanState? WanOf(IpFamily family) => Wan.FirstOrDefault(w => w.Family == family);
}

/// <summary>The reason why a snapshot may be stale.</summary>
/// <param name="Since">The time since which there are no updates.</param>
/// <param name="Reason">The reason.</param>
internal sealed record Staleness(DateTimeOffset Since, string Reason);

/// <summary>An address and the nodes that observe it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Count">The number of nodes.</param>
/// <param name="Names">The names of the first ten nodes.</param>
internal sealed record NodeView(IPAddress Address, int Count, ImmutableArray<string> Names);

/// <summary>The kind of the verdict of the last full round.</summary>
internal enum VerdictKind
{
    /// <summary>No round has completed yet.</summary>
    Unknown,

    /// <summary>The sources agree on an address.</summary>
    Agreed,

    /// <summary>The sources contradict each other.</summary>
    Disagreed,

    /// <summary>Too few sources reported a usable address.</summary>
    Insufficient,

    /// <summary>The host certainly has no address of this family.</summary>
    Absent,
}

/// <summary>The state of the WAN address of one family.</summary>
internal sealed record WanState(IpFamily Family)
{
    /// <summary>Whether the last round found an address, or its certain absence.</summary>
    public bool IsKnown => Verdict is VerdictKind.Agreed or VerdictKind.Absent;

    /// <summary>The address that was agreed last; rounds without agreement do not change it.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The agreed address before that one.</summary>
    public IPAddress? Previous { get; init; }

    /// <summary>When this address was first agreed.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The verdict of the last round.</summary>
    public VerdictKind Verdict { get; init; }

    /// <summary>The reason why the last round did not agree.</summary>
    public string? Reason { get; init; }

    /// <summary>Signs of a proxy or VPN, one sentence each.</summary>
    public ImmutableArray<string> Signs
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>
    /// Whether an observation shows carrier-grade NAT: the address is correct, but the host cannot be reached from the
    /// internet.
    /// </summary>
    public bool IsBehindCarrierNat { get; init; }

    /// <summary>When the search for an address started; null after the first agreement.</summary>
    public DateTimeOffset? AskedSince { get; init; }

    /// <summary>The providers that took part in a recent agreement; their silence counts against a change.</summary>
    public ImmutableArray<Participant> Participants
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>When the last round ended.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>The contribution of each source in the last round.</summary>
    public ImmutableArray<Vote> Votes
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];
}

/// <summary>A provider of address sources that took part in an agreement.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="At">When it last took part.</param>
internal sealed record Participant(string Provider, DateTimeOffset At);

/// <summary>A confirmed write.</summary>
/// <param name="At">When it was confirmed.</param>
/// <param name="By">The process that wrote.</param>
/// <param name="Fqdn">The FQDN of the record.</param>
/// <param name="Type">The type of the record.</param>
/// <param name="From">The values before the write; null when the record did not exist.</param>
/// <param name="To">The values after the write.</param>
/// <param name="Why">The trigger of the round, and its finding.</param>
/// <param name="ConvergedAfter">Seconds from the first differing observation to the confirmed write; null when nothing
/// differed.</param>
internal sealed record Change(
    DateTimeOffset At,
    string By,
    Fqdn Fqdn,
    RecordType Type,
    AddressSet? From,
    AddressSet To,
    string Why,
    double? ConvergedAfter
);
