using System.Collections.Concurrent;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Verification;

/// <summary>
/// Checks records at the authoritative name servers: every 5 s after a write until all servers have it, then at
/// <see cref="AuthoritativeOptions.Interval"/>. Only a difference triggers a round, which calls the DNS provider.
/// </summary>
internal sealed class PropagationWatch(
    AuthoritativeReader reader,
    ILeadership leadership,
    StateStore state,
    ReconcileTrigger trigger,
    AuthoritativeOptions options,
    TimeProvider time
) : BackgroundService
{
    private const int MaxParallel = 8;

    /// <summary>The interval of checks while a write propagates.</summary>
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromSeconds(5);

    /// <summary>How long the servers may take to publish a write. After that, a difference counts as drift.</summary>
    private static readonly TimeSpan s_propagationTime = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var tick = options.Interval < s_checkInterval ? options.Interval : s_checkInterval;
        while (true)
        {
            await Task.Delay(tick, time, stoppingToken);
            if (leadership.IsLeader)
                await CheckAsync(stoppingToken);
        }
    }

    /// <summary>Checks all records that are due, several at a time.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        // A server that does not answer costs its time limit once per check, not once per record.
        var unresponsive = new ConcurrentDictionary<string, string>();
        RecordState[] due = [.. state.Current.Records.Where(IsDue)];
        if (due.Length == 0)
            return;
        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken },
            async (record, token) => await CheckAsync(record, unresponsive, token)
        );
        state.Update(s => TransitionRule.Apply(s, time.GetUtcNow()));
    }

    private bool IsDue(RecordState record)
    {
        if (record is { Current: null } or { Key: null } or { Sent: not null })
            return false;
        if (record.Propagation is not { } last || !last.Expected.Equals(record.Current))
            return true;
        var isSoon = (!last.IsDone && IsPropagating(record)) || PropagationRule.IsInDoubt(record, last);
        return (time.GetUtcNow() - last.At).Duration() >= (isSoon ? s_checkInterval : options.Interval);
    }

    private bool IsPropagating(RecordState record) =>
        record.LastWritten is { } written && (time.GetUtcNow() - written).Duration() <= s_propagationTime;

    private async Task CheckAsync(
        RecordState queried,
        ConcurrentDictionary<string, string> unresponsive,
        CancellationToken cancellationToken
    )
    {
        var answers = await reader.ReadAsync(queried.Key!, queried.Current!, unresponsive, cancellationToken);
        var now = time.GetUtcNow();
        var (propagation, isDrift) = PropagationRule.Evaluate(queried, answers, IsPropagating(queried), now);
        var isOutdated = false;
        state.Update(s => s with { Records = s.Records.With(queried.Id, Apply) });
        if (isDrift && !isOutdated)
            trigger.Request(ReconcileReason.Drift);

        RecordState Apply(RecordState current)
        {
            isOutdated = !IsSame(queried, current);
            if (isOutdated)
                return current;
            var lastVerified = IsVerified(propagation, current) ? now : current.LastVerified;
            return current with { Propagation = propagation, LastVerified = lastVerified };
        }
    }

    private static bool IsVerified(Propagation propagation, RecordState record) =>
        propagation.IsDone && record.Outcome is RecordOutcome.Noop or RecordOutcome.Updated;

    /// <summary>
    /// Whether the record has not changed since the servers were queried. Earlier responses prove nothing about a later
    /// write.
    /// </summary>
    private static bool IsSame(RecordState queried, RecordState current) =>
        current.Sent is null
        && Equals(queried.Current, current.Current)
        && queried.LastWritten == current.LastWritten
        && Equals(queried.Key, current.Key)
        && queried.Ttl == current.Ttl;
}
