using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator;

/// <summary><c>--once</c>: a single round, for cron and scripts.</summary>
internal static class OneRound
{
    /// <summary>Runs the round and says in one line how it came out.</summary>
    /// <returns>0 when all records are in sync, else 1.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        var snapshot = await services.GetRequiredService<Reconciler>().RunOnceAsync(RoundReason.Request, cancellationToken);
        await output.WriteLineAsync(Describe(snapshot));
        return snapshot.InSync ? 0 : 1;
    }

    private static string Describe(Snapshot snapshot)
    {
        if (snapshot.InSync) return $"in sync: {string.Join("; ", snapshot.Records.Select(r => $"{r.Fqdn} {r.Key.Type} {r.Current}{(r.Outcome == RecordOutcome.Updated ? " (updated)" : "")}"))}";
        var wan = snapshot.Wan.FirstOrDefault(w => w.Verdict != VerdictKind.Agreed);
        if (wan is not null) return $"not in sync: the {wan.Family} address is not agreed: {wan.Reason}";
        var record = snapshot.Records.First(r => !r.InSync || r.Outcome is not (RecordOutcome.Noop or RecordOutcome.Updated));
        return $"not in sync: {record.Fqdn} {record.Key.Type}: {record.Reason ?? record.LastError?.Message ?? "not attempted"}";
    }
}
