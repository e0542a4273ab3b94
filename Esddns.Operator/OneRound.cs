using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator;

/// <summary>Runs one round (<c>--once</c>), for cron and scripts.</summary>
internal static class OneRound
{
    /// <summary>Runs the round and prints its result in one line.</summary>
    /// <returns>0 when all records are in sync, else 1.</returns>
    public static async Task<int> RunAsync(
        IServiceProvider services,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        services.GetService<TokenExpiryWatch>()?.CheckExpiry();
        var snapshot = await services
            .GetRequiredService<Reconciler>()
            .RunOnceAsync(ReconcileReason.Request, cancellationToken);
        await output.WriteLineAsync(Describe(snapshot));
        return snapshot.InSync ? 0 : 1;
    }

    private static string Describe(Snapshot snapshot)
    {
        if (snapshot.InSync)
        {
            var records = string.Join("; ", snapshot.Records.Select(Describe));
            return $"in sync: {records}";
        }

        if (snapshot.Records.Count == 0)
            return "not in sync: no records";
        // List faults first: they explain more than a missing address.
        var notInSync = snapshot.Records.Where(r => !r.InSync).OrderByDescending(r => r.State);
        var reasons = string.Join("; ", notInSync.Select(r => $"{r.Id}: {r.Reason}"));
        return $"not in sync: {reasons}";
    }

    private static string Describe(RecordState record)
    {
        if (record.State == SyncStatus.Skipped)
            return $"{record.Id} skipped: {record.Reason}";
        var updated = record.Outcome == RecordOutcome.Updated ? " (updated)" : "";
        var reason = record.Reason is null ? "" : $" ({record.Reason})";
        return $"{record.Id} {record.Current}{updated}{reason}";
    }
}
