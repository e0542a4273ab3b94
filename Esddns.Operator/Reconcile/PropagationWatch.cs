using System.Collections.Concurrent;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Looks at the records where it counts, at the zone's own name servers: every few seconds after a write until all of
/// them have it, then every five minutes. Only a difference wakes the loop, and so costs calls to the provider.
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
    private const int AtOnce = 8;

    /// <summary>Between two looks at a record that is on its way.</summary>
    private static readonly TimeSpan s_onItsWay = TimeSpan.FromSeconds(5);

    /// <summary>How long the servers may take to pick up a write before what they say is drift.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var tick = options.Interval < s_onItsWay ? options.Interval : s_onItsWay;
        while (true)
        {
            await Task.Delay(tick, time, stoppingToken);
            if (leadership.IsLeader)
                await LookAsync(stoppingToken);
        }
    }

    /// <summary>Looks at all records whose turn it is, some of them at a time.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        // A server that is silent costs its time limit once a look, and not once a record.
        var silent = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(
            state.Current.Records.Where(IsDue).ToArray(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (record, token) => await LookAsync(record, silent, token)
        );
    }

    private bool IsDue(RecordState record)
    {
        if (record is { Current: null } or { Key: null } or { Sent: not null })
            return false;
        if (record.Propagation is not { } last || !last.Expected.Equals(record.Current))
            return true;
        var isSoon = (!last.IsDone && IsOnItsWay(record)) || PropagationRule.IsInDoubt(record, last);
        return (time.GetUtcNow() - last.At).Duration() >= (isSoon ? s_onItsWay : options.Interval);
    }

    private bool IsOnItsWay(RecordState record) =>
        record.LastWritten is { } written && (time.GetUtcNow() - written).Duration() <= s_patience;

    private async Task LookAsync(
        RecordState asked,
        ConcurrentDictionary<string, string> silent,
        CancellationToken cancellationToken
    )
    {
        var answers = await reader.ReadAsync(asked.Key!, asked.Current!, silent, cancellationToken);
        var now = time.GetUtcNow();
        var (propagation, isDrift) = PropagationRule.Judge(asked, answers, IsOnItsWay(asked), now);
        var isOld = false;
        state.Update(s =>
            s with
            {
                Records = s.Records.With(
                    asked.Id,
                    current =>
                        (isOld = !IsSame(asked, current))
                            ? current
                            : current with
                            {
                                Propagation = propagation,
                                LastVerified = IsVerified(propagation, current) ? now : current.LastVerified,
                            }
                ),
            }
        );
        if (isDrift && !isOld)
            trigger.Request(ReconcileReason.Drift);
    }

    private static bool IsVerified(Propagation propagation, RecordState record) =>
        propagation.IsDone && record.Outcome is RecordOutcome.Noop or RecordOutcome.Updated;

    /// <summary>
    /// Whether the record is still what it was when the servers were asked: answers to what was then tell nothing of a
    /// later write.
    /// </summary>
    private static bool IsSame(RecordState asked, RecordState current) =>
        current.Sent is null
        && Equals(asked.Current, current.Current)
        && asked.LastWritten == current.LastWritten
        && Equals(asked.Key, current.Key)
        && asked.Ttl == current.Ttl;
}
