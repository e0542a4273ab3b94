using System.Collections.Immutable;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>Find and agree: asks every source about one family, and decides what to believe.</summary>
internal sealed class AddressDiscovery(
    SourcePoller discoverer,
    IEnumerable<IPeerObservations> peers,
    HostAddresses hostAddresses,
    AgreementOptions options,
    ConvergenceClock convergence,
    OperatorMetrics metrics,
    TimeProvider time,
    ILogger<AddressDiscovery> logger
)
{
    /// <summary>
    /// How long after its part in an agreement a provider's silence counts against a change; and how long a host
    /// without any agreement waits for an authenticated witness. After it, a service that has died for good no longer
    /// blocks.
    /// </summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The next state of the family. Only an agreed verdict changes the address.</summary>
    public async Task<WanState> RunAsync(IpFamily family, WanState? before, CancellationToken cancellationToken)
    {
        before ??= new WanState(family);
        var verdict = await AskAsync(family, before, cancellationToken);
        if (verdict is Verdict.Agreed { IsUnanimous: false } first && !first.Address.Equals(before.Address))
        {
            await Task.Delay(options.HoldDown, time, cancellationToken);
            verdict = Confirm(first, await AskAsync(family, before, cancellationToken), before);
        }

        using var span = OperatorTracing.Start("agree", ("esddns.family", family));
        var after = Believe(verdict, before);
        span?.SetTag("esddns.verdict", after.Verdict.ToString());
        span?.SetTag("esddns.address", after.Address?.ToString());
        span?.SetTag("esddns.votes", string.Join("; ", after.Votes));
        Report(before, after);
        return after;
    }

    private async Task<Verdict> AskAsync(IpFamily family, WanState before, CancellationToken cancellationToken)
    {
        var known = Recall(before);
        var observations = await discoverer.AskAllAsync(
            family,
            (heard, pending) => PendingVotes.IsSettled(heard, pending, before.Address, Decide),
            cancellationToken
        );
        foreach (var seen in observations.OfType<Observation.Seen>())
            convergence.Saw(family, seen.Address, before.Address);
        return Decide(observations);

        Verdict Decide(IReadOnlyCollection<Observation> own) =>
            AgreementRule.Decide([.. own, .. Support(family, own)], options, known);
    }

    /// <summary>What of earlier agreements still counts.</summary>
    private LastAgreement Recall(WanState before)
    {
        var now = time.GetUtcNow();
        var needsWitness = before.Address is not null || IsRecent(before.AskedSince ?? now, now);
        var part = before.Participants.Where(p => IsRecent(p.At, now)).Select(p => p.Provider);
        return new LastAgreement(before.Address, [.. part], needsWitness);
    }

    /// <summary>A time in the future is one of a clock that was put back: as old as it seems, to either side.</summary>
    private static bool IsRecent(DateTimeOffset at, DateTimeOffset now) => (now - at).Duration() < Memory;

    /// <summary>
    /// What peers add: providers that this host has not heard, as far as they report what a source of its own
    /// reports.
    /// </summary>
    private IEnumerable<Observation> Support(IpFamily family, IReadOnlyCollection<Observation> own)
    {
        var seen = own.OfType<Observation.Seen>().ToArray();
        return peers
            .SelectMany(w => w.Of(family))
            .Where(w =>
                seen.Any(o => o.Address.Equals(w.Address)) && seen.All(o => o.Source.Operator != w.Source.Operator)
            )
            .DistinctBy(w => (w.Source.Operator, w.Source.Class, w.Address));
    }

    /// <summary>A changed address that lasted; one that did not is flapping, and not believed in this round.</summary>
    private static Verdict Confirm(Verdict.Agreed first, Verdict second, WanState before) =>
        second is Verdict.Agreed again && !again.Address.Equals(first.Address) && !again.Address.Equals(before.Address)
            ? new Verdict.Disagreed(
                $"{first.Address} became {again.Address} within the hold-down",
                again.Votes,
                again.Signs
            )
            : second;

    private WanState Believe(Verdict verdict, WanState before)
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
            // Silence of all sources alone is no knowledge; the host's own tables, without any such address, are.
            Verdict.Insufficient when hostAddresses.HasNone(before.Family, a => options.Refused(a) is null) =>
                after with
                {
                    Verdict = VerdictKind.Absent,
                    Reason = $"this host has no {before.Family} address that can be reached",
                },
            Verdict.Insufficient { Reason: var reason } => after with
            {
                Verdict = VerdictKind.Insufficient,
                Reason = reason,
            },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The providers that this host has heard itself, and those of the agreements a short while ago.</summary>
    private static ImmutableArray<Participant> Participants(Verdict verdict, WanState before, DateTimeOffset now)
    {
        var providers = verdict
            .Votes.Where(v => v is { Counted: true, Via: null })
            .Select(v => new Participant(v.Operator, now));
        return [.. providers.Concat(before.Participants.Where(p => IsRecent(p.At, now))).DistinctBy(p => p.Provider)];
    }

    private void Report(WanState before, WanState after)
    {
        if (after.Verdict != VerdictKind.Agreed)
        {
            if (before.Verdict != after.Verdict)
                logger.WanAddressNotAgreed(after.Family, after.Reason);
            return;
        }

        if (Equals(before.Address, after.Address))
        {
            if (before.Verdict is VerdictKind.Disagreed or VerdictKind.Insufficient)
                logger.WanAddressAgreedAgain(after.Family, after.Address);
            return;
        }

        if (before.Address is not null)
            metrics.WanChanged();
        var evidence = string.Join("; ", after.Votes.Select(v => v.ToString()).Concat(after.Signs));
        logger.WanAddressChanged(after.Family, before.Address?.ToString() ?? "unknown", after.Address, evidence);
    }
}
