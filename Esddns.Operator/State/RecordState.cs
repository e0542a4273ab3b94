using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;

namespace Esddns.Operator.State;

/// <summary>How the last attempt at what is wanted now ended.</summary>
internal enum RecordOutcome
{
    /// <summary>Not attempted yet.</summary>
    Pending,

    /// <summary>It was as it should be; nothing was written.</summary>
    Noop,

    /// <summary>It was written, and read back.</summary>
    Updated,

    /// <summary>It was left alone on purpose; <see cref="RecordState.Preserved"/> says why.</summary>
    Preserved,

    /// <summary>It could not be read or written; <see cref="RecordState.LastError"/> says why.</summary>
    Failed,

    /// <summary>There is nothing to publish; <see cref="RecordState.Preserved"/> says why.</summary>
    Skipped,
}

/// <summary>A fault and when it happened.</summary>
/// <param name="At">When.</param>
/// <param name="Type">A word of a small set; see <see cref="ProviderFault"/>.</param>
/// <param name="Message">One line for people; the same fault has the same line.</param>
/// <param name="RetryAt">When the provider is asked again, when that is long.</param>
internal sealed record RecordError(DateTimeOffset At, string Type, string Message, DateTimeOffset? RetryAt = null);

/// <summary>Why a record is left alone.</summary>
/// <param name="Since">Since when, for whatever reason.</param>
/// <param name="Reason">Why, in one line.</param>
/// <param name="WasRead">Whether it is because of what the record holds.</param>
internal sealed record Preservation(DateTimeOffset Since, string Reason, bool WasRead = false);

/// <summary>A write that was sent and is not known to have taken effect.</summary>
/// <param name="From">What the record held before; null when that was unknown.</param>
/// <param name="Why">What caused it.</param>
internal sealed record SentWrite(AddressSet? From, string Why);

/// <summary>What the zone's own name servers answered when they were last asked.</summary>
/// <param name="At">When.</param>
/// <param name="Expected">What they should answer.</param>
/// <param name="IsDone">Whether all of them do.</param>
/// <param name="Others">Those that do not, and what they answer.</param>
/// <param name="Contradiction">Why resolvers do not get the record, when that is certain; null while it may still be on
/// its way.</param>
/// <param name="Asked">How many were asked.</param>
internal sealed record Propagation(
    DateTimeOffset At,
    AddressSet Expected,
    bool IsDone,
    ImmutableArray<ServerAnswer> Others,
    string? Contradiction = null,
    int Asked = 0
);

/// <summary>Somebody else's edit.</summary>
/// <param name="At">When it was noticed.</param>
/// <param name="From">What we had left.</param>
/// <param name="To">What was found.</param>
internal sealed record Drift(DateTimeOffset At, AddressSet From, AddressSet To);

/// <summary>What is known of one record.</summary>
/// <param name="Fqdn">Its name.</param>
/// <param name="Type">Its type.</param>
internal sealed record RecordState(Fqdn Fqdn, RecordType Type)
{
    /// <summary>How many values that were ours before are remembered.</summary>
    public const int MaxFormer = 16;

    /// <summary>
    /// How many of them while a write may still arrive late: more than are sent meanwhile, as writes that fail are
    /// repeated ever more rarely.
    /// </summary>
    public const int MaxFormerWhileUnanswered = 128;

    /// <summary>Its identity.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public RecordId Id => new(Fqdn, Type);

    /// <summary>Where the provider has it; null until its zone was found.</summary>
    public RecordKey? Key { get; init; }

    /// <summary>How it stands.</summary>
    public SyncStatus State => SyncStatusRule.Of(this).Status;

    /// <summary>Why, in one line; null when there is nothing to say.</summary>
    public string? Reason => SyncStatusRule.Of(this).Reason;

    /// <summary>Whether it stands as it should: up to date, or skipped because there is nothing to publish.</summary>
    public bool InSync => State is SyncStatus.UpToDate or SyncStatus.Skipped;

    /// <summary>Who wants it, in words.</summary>
    public string? WantedBy { get; init; }

    /// <summary>The TTL it should have, in seconds.</summary>
    public int Ttl { get; init; }

    /// <summary>What of ours it should hold; null while no address was ever agreed.</summary>
    public AddressSet? Desired { get; init; }

    /// <summary>What it held when last read; null when that is unknown, empty when it does not exist.</summary>
    public AddressSet? Current { get; init; }

    /// <summary>
    /// The values in it that are ours. A value is entered before it is sent, so that a write whose outcome stayed
    /// unknown is still known to be ours.
    /// </summary>
    public AddressSet Ours
    {
        get;
        init => field = value ?? AddressSet.Empty;
    } = AddressSet.Empty;

    /// <summary>
    /// Values that were ours before, newest first, at most <see cref="MaxFormer"/>: a read from a server that lags, a
    /// zone restored from a copy, a write that was lost or one that arrives late can bring them back, and they are
    /// still not somebody else's.
    /// </summary>
    public ImmutableArray<IPAddress> Former
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>
    /// Values in it that are no address in its usual form, as the provider has them. They are never ours.
    /// </summary>
    public ImmutableArray<string> Unread
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>What it holds beside ours; nothing while it is not known which values are ours.</summary>
    public ImmutableArray<string> Foreign =>
        Current is not null && OursEver is { Count: > 0 } ours
            ? [.. Current.Without(ours).Select(a => a.ToString()), .. Unread]
            : [];

    /// <summary>
    /// Whether values may have been sent that are not remembered, because the state could not be kept.
    /// </summary>
    public bool IsOwnershipOutdated { get; init; }

    /// <summary>The write that waits to be read back; null when none does.</summary>
    public SentWrite? Sent { get; init; }

    /// <summary>
    /// When a write was last sent, or may have been, whose answer is not known: it may still take effect, after later
    /// writes too. Null when none can arrive any more.
    /// </summary>
    public DateTimeOffset? Unanswered { get; init; }

    /// <summary>All values that are or were ours.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public AddressSet OursEver => Ours.With(new AddressSet(Former));

    /// <summary>How the last attempt at what is wanted now ended.</summary>
    public RecordOutcome Outcome { get; init; }

    /// <summary>Why it is left alone; null when it is not.</summary>
    public Preservation? Preserved { get; init; }

    /// <summary>When the provider was last asked about it.</summary>
    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>When the provider was last seen to store what is wanted.</summary>
    public DateTimeOffset? LastVerified { get; init; }

    /// <summary>When it was last written.</summary>
    public DateTimeOffset? LastWritten { get; init; }

    /// <summary>The last failure; kept after it is over.</summary>
    public RecordError? LastError { get; init; }

    /// <summary>What the zone's own name servers answer.</summary>
    public Propagation? Propagation { get; init; }

    /// <summary>The last time that somebody else changed it.</summary>
    public Drift? LastDrift { get; init; }

    /// <summary>Where the provider's API has it.</summary>
    public string? Href { get; init; }

    /// <summary>
    /// The same with <paramref name="next"/> as what is ours; what was ours and is not any more becomes former.
    /// </summary>
    public RecordState WithOurs(AddressSet next) =>
        this with
        {
            Ours = next,
            Former =
            [
                .. Ours.Concat(Former)
                    .Distinct()
                    .Where(a => !next.Contains(a))
                    .Take(Unanswered is null ? MaxFormer : MaxFormerWhileUnanswered),
            ],
        };

    /// <summary>
    /// The same as its successor takes it over at <paramref name="now"/>, by the successor's clock: what was sent and
    /// is not known to have been answered may arrive from now on, and until it was read again nothing is known.
    /// </summary>
    public RecordState TakenOver(DateTimeOffset now) =>
        this is { Sent: null, Unanswered: null, IsOwnershipOutdated: false }
            ? this
            : this with
            {
                Unanswered = now,
                Outcome = Outcome is RecordOutcome.Noop or RecordOutcome.Updated ? RecordOutcome.Pending : Outcome,
            };
}
