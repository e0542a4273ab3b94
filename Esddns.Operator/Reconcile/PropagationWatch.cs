using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Looks at the records where it counts, at the zone's own name servers: every few seconds after a write until all of them have it,
/// then every five minutes. Only a difference wakes the loop, and so costs calls to the provider.
/// </summary>
internal sealed class PropagationWatch(
    AuthoritativeReader reader, IWritePermit permit, StateStore state, Wakeups wakeups, AuthoritativeOptions options, TimeProvider time) : BackgroundService
{
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
            if (!permit.IsHeld) continue;
            foreach (var record in state.Current.Records.Where(IsDue)) await LookAsync(record, stoppingToken);
        }
    }

    private bool IsDue(RecordState record)
    {
        if (record.Current is null || record.Key is null) return false;
        if (record.Propagation is not { } last || !last.Expected.Equals(record.Current)) return true;
        var interval = last.IsDone || !IsOnItsWay(record) ? options.Interval : s_onItsWay;
        return (time.GetUtcNow() - last.At).Duration() >= interval;
    }

    private bool IsOnItsWay(RecordState record) => record.LastWritten is { } written && (time.GetUtcNow() - written).Duration() <= s_patience;

    private async Task LookAsync(RecordState record, CancellationToken cancellationToken)
    {
        var expected = record.Current!;
        var answers = await reader.ReadAsync(record.Key!, cancellationToken);
        var now = time.GetUtcNow();
        var isDone = answers.Length > 0 && answers.All(a => expected.Equals(a.Values));
        var propagation = new Propagation(now, expected, isDone, [.. answers.Where(a => !expected.Equals(a.Values))]);
        state.Update(s => s with { Records = s.Records.With(record.Id, r => r with { Propagation = propagation }) });

        // Servers that all say the same, and not what we know, are not late: somebody changed the record.
        var isChanged = answers.Length > 0 && answers.All(a => a.Values is not null) && answers.Select(a => a.Values).Distinct().Count() == 1 && !isDone;
        var wasDone = record.Propagation is { IsDone: true } before && before.Expected.Equals(expected);
        if (isChanged && (wasDone || !IsOnItsWay(record))) wakeups.Wake(RoundReason.Drift);
    }
}
