using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>Find and agree: asks every source about one family, and says what to believe.</summary>
internal sealed partial class AddressRound(
    Discoverer discoverer, AgreementOptions options, ConvergenceClock convergence, OperatorMetrics metrics, TimeProvider time, ILogger<AddressRound> logger)
{
    /// <summary>The next state of the family. Only an agreed verdict changes the address.</summary>
    public async Task<WanState> RunAsync(IpFamily family, WanState? before, CancellationToken cancellationToken)
    {
        before ??= new WanState(family);
        var observations = await discoverer.AskAllAsync(family, cancellationToken);
        foreach (var seen in observations.OfType<Observation.Seen>()) convergence.Saw(family, seen.Address, before.Address);

        using var span = OperatorTracing.Start("agree", ("esddns.family", family));
        var after = Believe(AgreementRule.Decide(observations, options), before);
        span?.SetTag("esddns.verdict", after.Verdict.ToString());
        span?.SetTag("esddns.address", after.Address?.ToString());
        span?.SetTag("esddns.votes", string.Join("; ", after.Votes.Select(v => $"{v.Source}={v.Address?.ToString() ?? v.Reason}")));
        Report(before, after);
        return after;
    }

    private WanState Believe(Verdict verdict, WanState before)
    {
        var now = time.GetUtcNow();
        var after = before with { CheckedAt = now, Votes = verdict.Votes };
        return verdict switch
        {
            Verdict.Agreed({ } address, _) => after with
            {
                Verdict = VerdictKind.Agreed,
                Reason = null,
                Address = address,
                Previous = address.Equals(before.Address) ? before.Previous : before.Address,
                Since = address.Equals(before.Address) ? before.Since : now,
            },
            Verdict.Disagreed(var reason, _) => after with { Verdict = VerdictKind.Disagreed, Reason = reason },
            Verdict.Insufficient(var reason, _) => after with { Verdict = VerdictKind.Insufficient, Reason = reason },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private void Report(WanState before, WanState after)
    {
        if (after.Verdict != VerdictKind.Agreed)
        {
            if (before.Verdict != after.Verdict) LogNotAgreed(after.Family, after.Reason);
            return;
        }

        if (Equals(before.Address, after.Address))
        {
            if (before.Verdict is VerdictKind.Disagreed or VerdictKind.Insufficient) LogAgreedAgain(after.Family, after.Address);
            return;
        }

        if (before.Address is not null) metrics.WanChanged();
        LogChanged(after.Family, before.Address?.ToString() ?? "unknown", after.Address, string.Join(", ", after.Votes.Where(v => v.Counted).Select(v => v.Source)));
    }

    [LoggerMessage(EventName = "WanAddressChanged", Level = LogLevel.Information, Message = "The {Family} address is {After} (was {Before}), say {Sources}")]
    private partial void LogChanged(IpFamily family, string before, System.Net.IPAddress? after, string sources);

    [LoggerMessage(EventName = "WanAddressNotAgreed", Level = LogLevel.Warning, Message = "The {Family} address is not agreed, records stay as they are: {Reason}")]
    private partial void LogNotAgreed(IpFamily family, string? reason);

    [LoggerMessage(EventName = "WanAddressAgreedAgain", Level = LogLevel.Information, Message = "The {Family} address is agreed again: {Address}")]
    private partial void LogAgreedAgain(IpFamily family, System.Net.IPAddress? address);
}
