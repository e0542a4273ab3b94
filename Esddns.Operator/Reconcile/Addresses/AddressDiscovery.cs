using System.Collections.Immutable;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Net;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile.Addresses;

/// <summary>Polls all address sources for one family, and computes the verdict.</summary>
internal sealed class AddressDiscovery(
    SourcePoller poller,
    IEnumerable<IPeerObservations> peers,
    HostAddresses hostAddresses,
    AgreementOptions options,
    ConvergenceClock convergence,
    OperatorMetrics metrics,
    TimeProvider time,
    ILogger<AddressDiscovery> logger
)
{
    private readonly FaultLines<IpFamily> _lines = new(time);

    /// <summary>
    /// How long a provider that does not answer counts against a change after it took part in an agreement. Also how
    /// long a host without any agreement waits for an authenticated source. After this time, a service that is
    /// permanently down no longer blocks. 15 min.
    /// </summary>
    public static TimeSpan ParticipationWindow { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Computes the next state of the family. Only an agreed verdict changes the address.</summary>
    public async Task<WanState> RunAsync(IpFamily family, WanState? before, CancellationToken cancellationToken)
    {
        before ??= new WanState(family);
        var verdict = await AskAsync(family, before, cancellationToken);
        if (verdict is Verdict.Agreed { IsUnanimous: false } first && !first.Address.Equals(before.Address))
        {
            await Task.Delay(options.HoldDown, time, cancellationToken);
            verdict = Confirm(first, await AskAsync(family, before, cancellationToken), before);
        }

        using var span = OperatorTracing.Start("agree");
        span?.SetTag("esddns.family", family.ToString());
        var after = Apply(verdict, before);
        span?.SetTag("esddns.verdict", after.Verdict.ToString());
        span?.SetTag("esddns.address", after.Address?.ToString());
        span?.SetTag("esddns.votes", string.Join("; ", after.Votes));
        Report(before, after);
        return after;
    }

    private async Task<Verdict> AskAsync(IpFamily family, WanState before, CancellationToken cancellationToken)
    {
        var known = Recall(before);
        var observations = await poller.AskAllAsync(
            family,
            (completed, pending) => PendingVotes.IsSettled(completed, pending, before.Address, Decide),
            cancellationToken
        );
        foreach (var seen in observations.OfType<Observation.Seen>())
            convergence.Observed(seen.Address, before.Address);
        return Decide(observations);

        Verdict Decide(IReadOnlyCollection<Observation> own) =>
            AgreementRule.Decide([.. own, .. Support(family, own)], options, known);
    }

    /// <summary>The part of earlier agreements that still counts.</summary>
    private LastAgreement Recall(WanState before)
    {
        var now = time.GetUtcNow();
        var requiresAuthentication = before.Address is not null || IsRecent(before.AskedSince ?? now, now);
        var part = before.Participants.Where(p => IsRecent(p.At, now)).Select(p => p.Provider);
        return new LastAgreement(before.Address, [.. part], requiresAuthentication);
    }

    /// <summary>
    /// Whether a time is recent. A time in the future comes from a clock that was set back; its distance counts in both
    /// directions.
    /// </summary>
    private static bool IsRecent(DateTimeOffset at, DateTimeOffset now) => (now - at).Duration() < ParticipationWindow;

    /// <summary>
    /// The observations of peers that count: from providers that this host did not reach, and only for addresses that
    /// its own sources report.
    /// </summary>
    private IEnumerable<Observation> Support(IpFamily family, IReadOnlyCollection<Observation> own)
    {
        var seen = own.OfType<Observation.Seen>().ToArray();
        return peers
            .SelectMany(p => p.Of(family))
            .Where(s =>
                seen.Any(o => o.Address.Equals(s.Address)) && seen.All(o => o.Source.Provider != s.Source.Provider)
            )
            .DistinctBy(s => (s.Source.Provider, s.Source.Class, s.Address));
    }

    /// <summary>
    /// Confirms a changed address after the hold-down. An address that changed again is flapping, and is not agreed in
    /// this round.
    /// </summary>
    private Verdict Confirm(Verdict.Agreed first, Verdict second, WanState before)
    {
        if (second is not Verdict.Agreed again || again.Address.Equals(first.Address))
            return second;
        metrics.WanFlapped();
        return again.Address.Equals(before.Address)
            ? second
            : new Verdict.Disagreed(
                $"{first.Address} became {again.Address} within the hold-down",
                again.Votes,
                again.Signs
            );
    }

    private WanState Apply(Verdict verdict, WanState before)
    {
        var now = time.GetUtcNow();
        var after = before with
        {
            CheckedAt = now,
            Votes = verdict.Votes,
            Signs = verdict.Signs,
            IsBehindCarrierNat = verdict.IsBehindCarrierNat,
            AskedSince = before.Address is null ? before.AskedSince ?? now : null,
        };
        return verdict switch
        {
            Verdict.Agreed { Address: var address } => after with
            {
                Verdict = VerdictKind.Agreed,
                Reason = null,
                Address = address,
                Previous = address.Equals(before.Address) ? before.Previous : before.Address,
                Since = address.Equals(before.Address) ? before.Since : now,
                Participants = Participants(verdict, before, now),
                AskedSince = null,
            },
            Verdict.Disagreed { Reason: var reason } => after with { Verdict = VerdictKind.Disagreed, Reason = reason },
            // Sources without an answer prove nothing; a kernel table without such an address does.
            Verdict.Insufficient when hostAddresses.HasNone(before.Family, a => options.Refused(a) is null) =>
                after with
                {
                    Verdict = VerdictKind.Absent,
                    Reason = $"this host has no reachable {before.Family} address",
                },
            Verdict.Insufficient { Reason: var reason } => after with
            {
                Verdict = VerdictKind.Insufficient,
                Reason = reason,
            },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The providers that answered this host, and those of recent agreements.</summary>
    private static ImmutableArray<Participant> Participants(Verdict verdict, WanState before, DateTimeOffset now)
    {
        var providers = verdict
            .Votes.Where(v => v is { Counted: true, Via: null })
            .Select(v => new Participant(v.Provider, now));
        return [.. providers.Concat(before.Participants.Where(p => IsRecent(p.At, now))).DistinctBy(p => p.Provider)];
    }

    private void Report(WanState before, WanState after)
    {
        if (after.Verdict != VerdictKind.Agreed)
        {
            if (!_lines.IsDue(after.Family, after.Verdict.ToString(), before.Verdict.ToString()))
                return;
            if (after.Verdict == VerdictKind.Absent)
                logger.WanAddressAbsent(after.Reason);
            else
                logger.WanAddressNotAgreed(after.Family, after.Reason);
            return;
        }

        _lines.Ended(after.Family);
        metrics.WanAgreed(isChange: before.Address is { } last && !last.Equals(after.Address));
        if (Equals(before.Address, after.Address))
        {
            if (before.Verdict is VerdictKind.Disagreed or VerdictKind.Insufficient)
                logger.WanAddressAgreedAgain(after.Family, after.Address);
            return;
        }

        var evidence = string.Join("; ", after.Votes.Select(v => v.ToString()).Concat(after.Signs));
        logger.WanAddressChanged(after.Family, before.Address?.ToString() ?? "unknown", after.Address, evidence);
    }
}
