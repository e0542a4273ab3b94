using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;

namespace Esddns.Operator.State;

/// <summary>How the last attempt at a record ended.</summary>
internal enum RecordOutcome
{
    /// <summary>Not attempted yet.</summary>
    Pending,

    /// <summary>It was as it should be; nothing was written.</summary>
    Noop,

    /// <summary>It was written, and the provider confirmed.</summary>
    Updated,

    /// <summary>It was left alone on purpose; <see cref="RecordState.Reason"/> says why.</summary>
    Preserved,

    /// <summary>The provider could not be read or written; <see cref="RecordState.LastError"/> says why.</summary>
    Failed,
}

/// <summary>A fault and when it happened.</summary>
/// <param name="At">When.</param>
/// <param name="Type">A word of a small set; see <see cref="ProviderFault"/>.</param>
/// <param name="Message">One line for people.</param>
internal sealed record RecordError(DateTimeOffset At, string Type, string Message);

/// <summary>What the zone's own name servers said when they were last asked.</summary>
/// <param name="At">When.</param>
/// <param name="Expected">What they should say.</param>
/// <param name="IsDone">Whether all of them do.</param>
/// <param name="Others">Those that do not, and what they say.</param>
internal sealed record Propagation(DateTimeOffset At, AddressSet Expected, bool IsDone, System.Collections.Immutable.ImmutableArray<ServerAnswer> Others);

/// <summary>Somebody else's edit.</summary>
/// <param name="At">When it was noticed.</param>
/// <param name="From">What we had left.</param>
/// <param name="To">What was found.</param>
internal sealed record Drift(DateTimeOffset At, AddressSet From, AddressSet To);

/// <summary>What is known of one RRset.</summary>
/// <param name="Key">Its name and type.</param>
internal sealed record RecordState(RecordKey Key)
{
    /// <summary>The name that resolvers ask for.</summary>
    public string Fqdn => Key.Fqdn;

    /// <summary>The family of its addresses.</summary>
    public IpFamily Family => Key.Type == RecordType.A ? IpFamily.IPv4 : IpFamily.IPv6;

    /// <summary>Who wants it, in words.</summary>
    public string? WantedBy { get; init; }

    /// <summary>The TTL it should have, in seconds.</summary>
    public int Ttl { get; init; }

    /// <summary>What of ours it should hold; null while no address was ever agreed.</summary>
    public AddressSet? Desired { get; init; }

    /// <summary>What it held when last read or written; null when that is unknown, empty when it does not exist.</summary>
    public AddressSet? Current { get; init; }

    /// <summary>
    /// The values in it that are ours: those that we published. A value is entered before it is sent, so that a write whose
    /// outcome stayed unknown is still known to be ours.
    /// </summary>
    public AddressSet Ours { get; init => field = value ?? AddressSet.Empty; } = AddressSet.Empty;

    /// <summary>Whether <see cref="Current"/> is known to hold what it should.</summary>
    public bool InSync { get; init; }

    /// <summary>How the last attempt ended.</summary>
    public RecordOutcome Outcome { get; init; }

    /// <summary>Why it was left alone.</summary>
    public string? Reason { get; init; }

    /// <summary>When the provider was last asked about it.</summary>
    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>When it was last known to be right.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>When it was last written.</summary>
    public DateTimeOffset? LastUpdate { get; init; }

    /// <summary>The last failure; kept after it is over.</summary>
    public RecordError? LastError { get; init; }

    /// <summary>Whether the zone's own name servers answer with it.</summary>
    public Propagation? Propagation { get; init; }

    /// <summary>The last time that somebody else changed it.</summary>
    public Drift? LastDrift { get; init; }

    /// <summary>Where the provider's API has it.</summary>
    public string? Href { get; init; }
}
