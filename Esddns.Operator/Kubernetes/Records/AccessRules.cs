namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// The names and credentials that the administrator allows to the objects of a namespace.
/// </summary>
internal sealed class AccessRules(KubernetesOptions options)
{
    /// <summary>The request, or the same refused.</summary>
    public RecordRequest Judge(RecordRequest request)
    {
        if (request.Refusal is not null)
            return request;
        var @namespace = request.Object.Namespace;
        if (
            options.SharedWith is { } shared
            && !shared.Contains(@namespace)
            && request.Records.Any(r => r.Credentials is null)
        )
        {
            return request.Refused(
                "NotShared",
                $"the operator's own token is not for the namespace {@namespace}: "
                    + $"name another in spec.credentialsSecretRef, or ask for {KubernetesSettings.SharedWith}"
            );
        }

        return
            options.AllowedDomains.TryGetValue(@namespace, out var domains)
            && request.Records.FirstOrDefault(r => !domains.Any(r.Fqdn.Host.IsWithin)) is { } outside
            ? request.Refused(
                "NotAllowed",
                $"{outside.Fqdn} is in none of the domains of the namespace {@namespace} "
                    + $"({string.Join(", ", domains)}): "
                    + $"name another, or ask for {KubernetesSettings.AllowedDomains}:{@namespace}"
            )
            : request;
    }
}
