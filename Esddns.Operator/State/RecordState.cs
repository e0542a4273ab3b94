using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Dns;

namespace Esddns.Operator.State;

/// <summary>The state of one record.</summary>
/// <param name="Fqdn">The FQDN.</param>
/// <param name="Type">The type.</param>
internal sealed record RecordState(Fqdn Fqdn, RecordType Type)
{
    /// <summary>The maximum number of former values that are remembered.</summary>
    public const int MaxFormer = 16;

    /// <summary>
    /// The maximum number of former values while a write may still arrive late. It is larger than the number of writes
    /// in that time, because retries become ever rarer.
    /// </summary>
    public const int MaxFormerWhileUnanswered = 128;

    /// <summary>The identity of the record.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public RecordId Id => new(Fqdn, Type);

    /// <summary>The location at the DNS provider; null until the zone is found.</summary>
    public RecordKey? Key { get; init; }

    /// <summary>The status of the record.</summary>
    public SyncStatus State => SyncStatusRule.StatusOf(this);

    /// <summary>
    /// The condition in the last transition of the record; null before the first one. See <see cref="TransitionRule"/>.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public SyncCondition? Condition { get; init; }

    /// <summary>
    /// The name of <see cref="Condition"/>, as it is stored. A name that this version does not know is none.
    /// </summary>
    [System.Text.Json.Serialization.JsonPropertyName("condition")]
    public string? ConditionName
    {
        get => Condition?.ToString();
        init => Condition = SyncCondition.Named(value);
    }

    /// <summary>The reason for the status, in one line; null when there is none.</summary>
    public string? Reason => SyncStatusRule.ReasonOf(this);

    /// <summary>Whether the record is up to date, or is skipped because there is nothing to publish.</summary>
    public bool InSync => State is SyncStatus.UpToDate or SyncStatus.Skipped;

    /// <summary>The origin of the record, for messages: the configuration or an object of the cluster.</summary>
    public string? WantedBy { get; init; }

    /// <summary>
    /// The name of the credentials; empty for those of the configuration, null in a state of an earlier version.
    /// </summary>
    public string? Credentials { get; init; }

    /// <summary>The desired TTL in seconds.</summary>
    public int Ttl { get; init; }

    /// <summary>The desired values of ours; null before the first agreement on an address.</summary>
    public AddressSet? Desired { get; init; }

    /// <summary>The values when last read; null when unknown, empty when the record does not exist.</summary>
    public AddressSet? Current { get; init; }

    /// <summary>
    /// The values of the record that are ours. A value is added before it is sent, so that a write with an unknown
    /// outcome still counts as ours.
    /// </summary>
    public AddressSet Ours
    {
        get;
        init => field = value ?? AddressSet.Empty;
    } = AddressSet.Empty;

    /// <summary>
    /// Values that were ours earlier, newest first, at most <see cref="MaxFormer"/>. They can return after a read from
    /// a lagging server, a restored zone, or a lost or late write, and still count as ours then.
    /// </summary>
    public ImmutableArray<IPAddress> Former
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>
    /// Values that are not addresses in canonical form, as the provider returns them. They are never ours.
    /// </summary>
    [System.Text.Json.Serialization.JsonPropertyName("unread")]
    public ImmutableArray<string> Unparsed
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>The foreign values: those that are not ours. Empty while our values are not known.</summary>
    public ImmutableArray<string> Foreign =>
        Current is not null && (!Unparsed.IsEmpty || !Current.Equals(Ours)) && OursEver is { Count: > 0 } ours
            ? [.. Current.Without(ours).Select(a => a.ToString()), .. Unparsed]
            : [];

    /// <summary>
    /// Whether values may have been sent that are not remembered, because the state could not be persisted.
    /// </summary>
    public bool IsOwnershipOutdated { get; init; }

    /// <summary>The write that is not read back yet; null when there is none.</summary>
    public SentWrite? Sent { get; init; }

    /// <summary>
    /// When the last write without a known response was sent, or may have been. It may still take effect, even after
    /// later writes. Null when no write can arrive any more.
    /// </summary>
    public DateTimeOffset? Unanswered { get; init; }

    /// <summary>
    /// Whether no write of ours can have taken effect. Values that were stored as ours before a rejected write do not
    /// count.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsNeverPublished =>
        this is { LastWritten: null, LastVerified: null, Sent: null, Unanswered: null, IsOwnershipOutdated: false };

    /// <summary>All current and former values of ours.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public AddressSet OursEver => Former.IsEmpty ? Ours : Ours.With(new AddressSet(Former));

    /// <summary>The outcome of the last attempt to reach the desired state.</summary>
    public RecordOutcome Outcome { get; init; }

    /// <summary>The reason why the record is preserved or skipped; null when it is neither.</summary>
    public Preservation? Preserved { get; init; }

    /// <summary>When the DNS provider was last called for this record.</summary>
    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>When the DNS provider or its name servers last confirmed the desired values.</summary>
    public DateTimeOffset? LastVerified { get; init; }

    /// <summary>When the record was last written.</summary>
    public DateTimeOffset? LastWritten { get; init; }

    /// <summary>The last fault; it is kept after its end.</summary>
    public RecordError? LastError { get; init; }

    /// <summary>The last responses of the authoritative name servers.</summary>
    public Propagation? Propagation { get; init; }

    /// <summary>The last change by another client.</summary>
    public Drift? LastDrift { get; init; }

    /// <summary>The URL of the record in the API of the provider.</summary>
    public string? Href { get; init; }

    /// <summary>
    /// A copy with <paramref name="next"/> as our values. Values that are no longer ours become former values.
    /// </summary>
    public RecordState WithOurs(AddressSet next)
    {
        var max = Unanswered is null ? MaxFormer : MaxFormerWhileUnanswered;
        if (Ours.Equals(next) && Former.Length <= max && !Former.Any(next.Contains))
            return this;
        return this with
        {
            Ours = next,
            Former = [.. Ours.Concat(Former).Distinct().Where(a => !next.Contains(a)).Take(max)],
        };
    }

    /// <summary>
    /// A copy for a successor that takes over at <paramref name="now"/>, by the clock of the successor. A write without
    /// a known response may arrive from now on, so the record is unknown until it is read.
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
