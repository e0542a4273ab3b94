using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;

namespace Esddns.Operator.State;

/// <summary>
/// Everything the operator knows, at one moment. Immutable: whoever holds one may read it without a lock. It is what
/// <c>/status</c> answers and what the state file keeps. What a kept one of another version lacks is empty: the
/// generated reader sets every property, with null where the JSON has none.
/// </summary>
internal sealed record Snapshot
{
    /// <summary>How many changes are remembered.</summary>
    public const int MaxHistory = 200;

    /// <summary>Nothing is known.</summary>
    public static Snapshot Empty { get; } = new();

    /// <summary>Counts the rounds since the state was first kept.</summary>
    public long Round { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who made it: the host's name, or the pod's and its node's.</summary>
    public string By
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>
    /// Whether it was loaded from a file that its process could not replace any more: what was published after it is
    /// missing. Not kept.
    /// </summary>
    [JsonIgnore]
    public bool IsOutdated { get; init; }

    /// <summary>In a cluster, who holds the Lease as far as this process knows.</summary>
    public string? Leader { get; init; }

    /// <summary>In a cluster, since when this process cannot learn what is new; null while it can.</summary>
    public Staleness? Stale { get; init; }

    /// <summary>In a cluster, from which nodes which addresses are seen.</summary>
    public ImmutableArray<NodeView> Nodes
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>The WAN address of each family that records ask for.</summary>
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

    /// <summary>Whether every record is up to date; those that are skipped do not count.</summary>
    public bool InSync => Records.Count > 0 && Records.All(r => r.InSync);

    /// <summary>The state of a family, if any record asks for it.</summary>
    public WanState? WanOf(IpFamily family) => Wan.FirstOrDefault(w => w.Family == family);
}

/// <summary>Why a snapshot may be old.</summary>
/// <param name="Since">Since when nothing new can be learned.</param>
/// <param name="Reason">Why.</param>
internal sealed record Staleness(DateTimeOffset Since, string Reason);

/// <summary>An address and the nodes that see it as theirs.</summary>
/// <param name="Address">The address.</param>
/// <param name="Count">How many nodes.</param>
/// <param name="Names">The first ten of them.</param>
internal sealed record NodeView(IPAddress Address, int Count, ImmutableArray<string> Names);

/// <summary>How the verdict of the last full round came out.</summary>
internal enum VerdictKind
{
    /// <summary>No round was completed yet.</summary>
    Unknown,

    /// <summary>The address is believed.</summary>
    Agreed,

    /// <summary>The sources contradict each other.</summary>
    Disagreed,

    /// <summary>Too few sources answered.</summary>
    Insufficient,

    /// <summary>The host is known to have no address of this family at all.</summary>
    Absent,
}

/// <summary>What is known of the WAN address of one family.</summary>
internal sealed record WanState(IpFamily Family)
{
    /// <summary>Whether the last round led to knowledge: of an address, or of its absence.</summary>
    public bool IsKnown => Verdict is VerdictKind.Agreed or VerdictKind.Absent;

    /// <summary>The address last agreed upon; it outlives rounds that do not agree.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The address before that.</summary>
    public IPAddress? Previous { get; init; }

    /// <summary>Since when it is this address.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The verdict of the last round.</summary>
    public VerdictKind Verdict { get; init; }

    /// <summary>Why the round did not agree.</summary>
    public string? Reason { get; init; }

    /// <summary>Signs of a proxy or VPN, in words.</summary>
    public ImmutableArray<string> Signs
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>
    /// Whether something shows carrier-grade NAT: the address is right, but nobody can reach the host by it.
    /// </summary>
    public bool IsBehindCarrierNat { get; init; }

    /// <summary>Since when an address is looked for, while none was ever agreed upon.</summary>
    public DateTimeOffset? AskedSince { get; init; }

    /// <summary>
    /// The providers that took part in an agreement a short while ago: their silence counts against a change.
    /// </summary>
    public ImmutableArray<Participant> Participants
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>When that round ended.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>Who said what in it.</summary>
    public ImmutableArray<Vote> Votes
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];
}

/// <summary>A provider of address sources that took part in an agreement.</summary>
/// <param name="Provider">Who.</param>
/// <param name="At">When it last did.</param>
internal sealed record Participant(string Provider, DateTimeOffset At);

/// <summary>A write that took effect.</summary>
/// <param name="At">When it was confirmed.</param>
/// <param name="By">Who wrote.</param>
/// <param name="Fqdn">The record's name.</param>
/// <param name="Type">The record's type.</param>
/// <param name="From">What it held before; null when it did not exist.</param>
/// <param name="To">What it holds now.</param>
/// <param name="Why">What woke the loop, and what it found.</param>
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
