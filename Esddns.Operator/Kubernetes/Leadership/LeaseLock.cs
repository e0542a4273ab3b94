using System.Net;
using k8s;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>
/// The Lease for which all pods compete (<see href="https://kubernetes.io/docs/concepts/architecture/leases/"/>). Every
/// write names the version that it replaces: of two, one fails.
/// </summary>
internal sealed class LeaseLock(IKubernetes api, KubernetesOptions options, TimeProvider time)
{
    /// <summary>The newest; null when there is none.</summary>
    public async Task<V1Lease?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await api.CoordinationV1.ReadNamespacedLeaseAsync(
                KubernetesOptions.LeaseName,
                options.Namespace,
                cancellationToken: cancellationToken
            );
        }
        catch (k8s.Autorest.HttpOperationException e) when (e.Says(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    /// <summary>Takes it over from whoever <paramref name="vacant"/> names, or makes it.</summary>
    public Task<V1Lease> TakeAsync(V1Lease? vacant, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var lease =
            vacant
            ?? new V1Lease
            {
                Metadata = new V1ObjectMeta
                {
                    Name = KubernetesOptions.LeaseName,
                    NamespaceProperty = options.Namespace,
                },
            };
        lease.Spec = new V1LeaseSpec
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = Math.Max(1, (int)Math.Ceiling(options.LeaseDuration.TotalSeconds)),
            AcquireTime = now,
            RenewTime = now,
            LeaseTransitions = (vacant?.Spec?.LeaseTransitions ?? 0) + 1,
        };
        return vacant is null
            ? api.CoordinationV1.CreateNamespacedLeaseAsync(
                lease,
                options.Namespace,
                cancellationToken: cancellationToken
            )
            : WriteAsync(lease, cancellationToken);
    }

    /// <summary>Says that it is still held.</summary>
    public Task<V1Lease> RenewAsync(V1Lease held, CancellationToken cancellationToken)
    {
        held.Spec.RenewTime = time.GetUtcNow().UtcDateTime;
        return WriteAsync(held, cancellationToken);
    }

    /// <summary>Gives it back, so that nobody has to wait.</summary>
    public Task<V1Lease> ReleaseAsync(V1Lease held, CancellationToken cancellationToken)
    {
        held.Spec.HolderIdentity = "";
        held.Spec.LeaseDurationSeconds = 1;
        return WriteAsync(held, cancellationToken);
    }

    private Task<V1Lease> WriteAsync(V1Lease lease, CancellationToken cancellationToken) =>
        api.CoordinationV1.ReplaceNamespacedLeaseAsync(
            lease,
            KubernetesOptions.LeaseName,
            options.Namespace,
            cancellationToken: cancellationToken
        );
}
