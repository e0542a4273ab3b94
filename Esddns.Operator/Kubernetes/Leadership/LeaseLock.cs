using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>
/// Reads and writes the Lease for which all pods compete
/// (<see href="https://kubernetes.io/docs/concepts/architecture/leases/"/>). Every write contains the resource version:
/// of two concurrent writes, one fails.
/// </summary>
internal sealed class LeaseLock(ApiClient api, KubernetesOptions options, TimeProvider time)
{
    /// <summary>Reads the Lease; null when there is none.</summary>
    public async Task<Lease?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetAsync(
                Resources.Leases,
                options.Namespace,
                KubernetesOptions.LeaseName,
                cancellationToken
            );
        }
        catch (ApiException e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    /// <summary>Takes over <paramref name="vacant"/>, or creates the Lease.</summary>
    public Task<Lease> TakeAsync(Lease? vacant, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var spec = new LeaseSpec
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = Math.Max(1, (int)Math.Ceiling(options.LeaseDuration.TotalSeconds)),
            AcquireTime = now,
            RenewTime = now,
            LeaseTransitions = (vacant?.Spec?.LeaseTransitions ?? 0) + 1,
        };
        if (vacant is not null)
            return WriteAsync(vacant, spec, cancellationToken);
        var metadata = new ObjectMeta { Name = KubernetesOptions.LeaseName, Namespace = options.Namespace };
        return api.CreateAsync(Resources.Leases, new Lease { Metadata = metadata, Spec = spec }, cancellationToken);
    }

    /// <summary>Renews the Lease.</summary>
    public Task<Lease> RenewAsync(Lease held, CancellationToken cancellationToken) =>
        WriteAsync(held, new LeaseSpec { RenewTime = time.GetUtcNow().UtcDateTime }, cancellationToken);

    /// <summary>Releases the Lease, so that the next leader does not have to wait.</summary>
    public Task<Lease> ReleaseAsync(Lease held, CancellationToken cancellationToken) =>
        WriteAsync(held, new LeaseSpec { HolderIdentity = "", LeaseDurationSeconds = 1 }, cancellationToken);

    /// <summary>Patches the spec and nothing else.</summary>
    private Task<Lease> WriteAsync(Lease lease, LeaseSpec spec, CancellationToken cancellationToken) =>
        api.PatchAsync(
            Resources.Leases,
            options.Namespace,
            KubernetesOptions.LeaseName,
            Patch.Merge(
                new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["resourceVersion"] = lease.Metadata.ResourceVersion,
                        ["uid"] = lease.Metadata.Uid,
                    },
                    ["spec"] = JsonSerializer.SerializeToNode(spec, ObjectJson.Default.LeaseSpec),
                }
            ),
            cancellationToken
        );
}
