using System.Net;
using Esddns.Contracts;
using Esddns.Operator.Agreement;
using Esddns.Operator.Dns.Authoritative;

namespace Esddns.Operator.State;

/// <summary>Maps the state of the operator to the contract of its API.</summary>
internal static class StatusMapping
{
    /// <summary>The status that clients see.</summary>
    public static StatusDocument ToStatus(this Snapshot snapshot) =>
        new(
            snapshot.Round,
            snapshot.At,
            snapshot.InSync,
            [.. snapshot.Wan.Select(w => Of(w, snapshot.NextCheckAt))],
            [.. snapshot.Records.Select(Of)],
            [.. snapshot.History.Select(Of)],
            snapshot.By,
            snapshot.Leader,
            snapshot.Stale is { } stale ? new StaleStatus(stale.Since, stale.Reason) : null,
            [.. snapshot.Nodes.Select(n => new NodeStatus(n.Address.ToString(), n.Count, [.. n.Names]))],
            [.. snapshot.Transitions.Entries.Select(Of)],
            snapshot.Transitions.Since
        );

    private static WanStatus Of(WanState wan, DateTimeOffset? nextCheckAt) =>
        new(
            wan.Family.ToString(),
            wan.Address?.ToString(),
            wan.Verdict.ToString(),
            [.. wan.Votes.Select(Of)],
            [.. wan.Signs],
            wan.IsKnown,
            wan.Previous?.ToString(),
            wan.Since,
            wan.Reason,
            wan.IsBehindCarrierNat,
            wan.AskedSince,
            [.. wan.Participants.Select(p => new ParticipantStatus(p.Provider, p.At))],
            wan.CheckedAt,
            nextCheckAt
        );

    private static VoteStatus Of(Vote vote) =>
        new(
            vote.Source,
            vote.Class.ToString(),
            vote.Address?.ToString(),
            vote.Counted,
            vote.Provider,
            vote.Reason,
            vote.Via,
            vote.Seconds
        );

    private static RecordStatus Of(RecordState record) =>
        new(
            record.Fqdn.ToString(),
            record.Ttl,
            record.InSync,
            record.Type.ToString(),
            record.State.ToString(),
            record.Reason,
            record.Key is { } key
                ? new RecordKeyStatus(
                    key.Name.ToString(),
                    key.Zone.ToString(),
                    key.Type.ToString(),
                    key.Fqdn.ToString()
                )
                : null,
            record.WantedBy,
            Texts(record.Desired),
            Texts(record.Current),
            Texts(record.Ours),
            Texts(record.Former),
            [.. record.Unparsed],
            [.. record.Foreign],
            record.IsOwnershipOutdated,
            record.Sent is { } sent ? new SentStatus(Texts(sent.From), sent.Why) : null,
            record.Unanswered,
            record.Outcome.ToString(),
            record.Preserved is { } preserved
                ? new PreservedStatus(preserved.Since, preserved.Reason, preserved.WasRead)
                : null,
            record.LastAttempt,
            record.LastVerified,
            record.LastWritten,
            record.LastError is { } error ? new ErrorStatus(error.Message, error.At, error.Type, error.RetryAt) : null,
            record.Propagation is { } propagation ? Of(propagation) : null,
            record.LastDrift is { } drift ? new DriftStatus(drift.At, Texts(drift.From), Texts(drift.To)) : null,
            record.Href
        );

    private static PropagationStatus Of(Propagation seen) =>
        new(seen.IsDone, [.. seen.Others.Select(Of)], seen.Asked, seen.At, Texts(seen.Expected), seen.Contradiction);

    private static ServerStatus Of(ServerAnswer answer) =>
        new(answer.Server, Texts(answer.Values), answer.Reason, answer.Kind.ToString(), answer.Ttl);

    private static ChangeStatus Of(Change change) =>
        new(
            change.At,
            change.Fqdn.ToString(),
            change.Type.ToString(),
            Texts(change.From),
            Texts(change.To),
            change.Why,
            change.ConvergedAfter,
            change.By
        );

    private static TransitionStatus Of(Transition transition) =>
        new(
            transition.At,
            transition.Id.Fqdn.ToString(),
            transition.Id.Type.ToString(),
            transition.From?.ToString(),
            transition.To?.ToString()
        );

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(addresses))]
    private static string[]? Texts(IEnumerable<IPAddress>? addresses) =>
        addresses is null ? null : [.. addresses.Select(a => a.ToString())];
}
