using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Events;

/// <summary>Tells the objects concerned about changes and failures, by comparing each state with the one before.</summary>
internal sealed class Announcer(EventRecorder events, LeaderWatches watches, KubernetesOptions options)
{
    private readonly Dictionary<string, string> _refusals = [];

    /// <summary>Tells what is new.</summary>
    public async Task TellAsync(Snapshot before, Snapshot now, IReadOnlyCollection<Claim> claims, CancellationToken cancellationToken)
    {
        foreach (var change in now.History.Where(c => !before.History.Contains(c)).Reverse())
            if (ClaimOf(new(change.Fqdn, change.Type), claims) is { } claim)
                await events.TellAsync(claim.Object, "RecordUpdated", $"{change.Fqdn} {change.Type} is {change.To} (was {change.From?.ToString() ?? "nothing"})", cancellationToken);

        foreach (var record in now.Records)
        {
            if (ClaimOf(record.Id, claims) is not { } claim) continue;
            var was = before.Records[record.Id];
            if (record.State is SyncStatus.Failed or SyncStatus.Unknown && record.LastError?.At != was?.LastError?.At)
                await events.WarnAsync(claim.Object, "RecordFailed", $"{record.Id}: {record.LastError?.Message}", cancellationToken);
            else if (record.State == SyncStatus.LeftAlone && was?.Preserved?.Reason != record.Preserved?.Reason)
                await events.WarnAsync(claim.Object, "RecordPreserved", $"{record.Id} is left alone: {record.Preserved?.Reason}", cancellationToken);
        }

        foreach (var claim in claims) await TellRefusalAsync(claim, cancellationToken);
        foreach (var wan in now.Wan)
        {
            if (wan.Address is null || before.WanOf(wan.Family) is not { Address: { } old } || old.Equals(wan.Address) || watches.Nodes.Find(options.NodeName) is not { } node) continue;
            await events.TellAsync(node, "WanAddressChanged", $"The {wan.Family} address seen from here is {wan.Address} (was {old})", cancellationToken);
        }
    }

    private static Claim? ClaimOf(Dns.RecordId id, IReadOnlyCollection<Claim> claims) =>
        claims.FirstOrDefault(c => c.Records.Any(r => r.Id == id));

    private async Task TellRefusalAsync(Claim claim, CancellationToken cancellationToken)
    {
        var id = claim.Object.Metadata.Uid;
        if (claim.Refusal is null) _refusals.Remove(id);
        else if (_refusals.GetValueOrDefault(id) != claim.Message)
        {
            _refusals[id] = claim.Message!;
            await events.WarnAsync(claim.Object, claim.Refusal, claim.Message!, cancellationToken);
        }
    }
}
