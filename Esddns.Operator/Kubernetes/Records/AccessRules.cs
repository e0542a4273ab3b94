namespace Esddns.Operator.Kubernetes.Records;

/// <summary>Checks requests against the names and credentials that the administrator allows to a namespace.</summary>
internal sealed class AccessRules(KubernetesOptions options)
{
    /// <summary>Returns the request, or the request as refused.</summary>
    public RecordRequest Check(RecordRequest request)
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
                $"the namespace {@namespace} may not use the operator's own token: "
                    + "name a Secret in spec.credentialsSecretRef, "
                    + $"or ask the administrator to add the namespace to {KubernetesSettings.SharedWith}"
            );
        }

        if (
            !options.AllowedDomains.TryGetValue(@namespace, out var domains)
            || request.Records.FirstOrDefault(r => !domains.Any(r.Fqdn.Host.IsWithin)) is not { } outside
        )
            return request;
        var allowed = string.Join(", ", domains);
        return request.Refused(
            "NotAllowed",
            $"{outside.Fqdn} is in none of the domains of the namespace {@namespace} ({allowed}): choose another name, "
                + $"or ask the administrator to extend {KubernetesSettings.AllowedDomains}:{@namespace}"
        );
    }
}
