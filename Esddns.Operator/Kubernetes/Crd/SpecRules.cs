using System.Text.RegularExpressions;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Crd;

/// <summary>A valid spec.</summary>
internal sealed record ReadSpec(
    DomainName Zone,
    OwnerName Name,
    IReadOnlyList<RecordType> Types,
    int Ttl,
    RecordPolicy Policy,
    AddressOrigin AddressFrom
);

/// <summary>
/// Validates a spec by the rules of the schema, because API servers before 1.25 do not enforce all of them. A name must
/// also be valid before it is used in a request.
/// </summary>
internal sealed partial class SpecRules(TtlRange ttls, IDnsProviders providers)
{
    /// <summary>Reads the spec.</summary>
    /// <returns>The spec; or null, and the mistake with its correction.</returns>
    public (ReadSpec? Spec, string? Mistake) Read(DynamicRecordSpec? spec)
    {
        if (spec is null)
            return Wrong("spec: missing");
        if (!DomainName.TryParse(spec.Zone, null, out var zone))
            return Wrong($"spec.zone: '{Shown(spec.Zone)}' is not {DomainName.Shape}");
        if (!OwnerName.TryParse(spec.Name ?? "@", null, out var name))
            return Wrong($"spec.name: '{Shown(spec.Name)}' is not {OwnerName.Shape}");
        if (name.MistakeIn(zone) is { } problem)
            return Wrong($"spec.name: {problem}");
        if (spec.Ttl is { } ttl && !ttls.Contains(ttl))
            return Wrong($"spec.ttl: {ttl} is not within {ttls}");
        if (Mistake(spec.Types) is { } types)
            return Wrong(types);
        if (spec.Policy is { } policy && !Enum.GetNames<RecordPolicy>().Contains(policy))
            return Wrong($"spec.policy: '{Shown(policy)}' is not one of Merge, Replace, ObserveOnly");
        if (Mistake(spec.CredentialsSecretRef) is { } secret)
            return Wrong(secret);
        if (Mistake(spec.AddressFrom) is { } origin)
            return Wrong(origin);
        return (
            new ReadSpec(
                zone,
                name,
                [
                    .. (spec.Types is { Count: > 0 } words ? words : [nameof(RecordType.A)]).Select(
                        Enum.Parse<RecordType>
                    ),
                ],
                spec.Ttl ?? TtlRange.Default,
                spec.Policy is { } word ? Enum.Parse<RecordPolicy>(word) : RecordPolicy.Merge,
                spec.AddressFrom!
            ),
            null
        );
    }

    private static string? Mistake(IList<string>? types)
    {
        foreach (var type in types ?? [])
        {
            if (!Enum.GetNames<RecordType>().Contains(type))
                return $"spec.types: '{Shown(type)}' is not one of A, AAAA";
            if (types!.Count(t => t == type) > 1)
                return $"spec.types: {type} is named twice; remove one";
        }

        return null;
    }

    private string? Mistake(SecretReference? secret)
    {
        const string at = "spec.credentialsSecretRef";
        if (secret is null)
            return null;
        if (!providers.HasNamed)
            return $"{at}: the DNS provider supports only the operator's own credentials; remove it";
        if (secret.Name is null or "")
            return $"{at}.name: missing; name a Secret of the same namespace";
        if (secret.Name.Length > DomainName.MaxLength || !ObjectName().IsMatch(secret.Name))
            return $"{at}.name: '{Shown(secret.Name)}' "
                + "is not the name of a Secret; use lower-case letters, digits, hyphens and dots";
        if (secret.Key is { } key && (key.Length > DomainName.MaxLength || !SecretKey().IsMatch(key)))
            return $"{at}.key: '{Shown(key)}' "
                + "is not a key of a Secret; use letters, digits, hyphens, underscores and dots";
        return null;
    }

    private static string? Mistake(AddressOrigin? origin)
    {
        const string at = "spec.addressFrom";
        var named = new object?[] { origin?.Wan, origin?.Nodes, origin?.Service }.Count(o => o is not null);
        if (named != 1)
            return $"{at}: exactly one of wan, nodes and service is needed, not {(named == 0 ? "none" : named)}; "
                + "for the WAN address write 'addressFrom: {wan: {}}'";
        return origin switch
        {
            { Wan.Policy: not (null or "Leader" or "All") and var policy } =>
                $"{at}.wan.policy: '{Shown(policy)}' is not one of Leader, All",
            { Wan: { Policy: not null, NodeSelector: not null } } =>
                $"{at}.wan: name a policy or a nodeSelector, not both",
            { Wan: { } wan } => SelectorRules.Mistake(wan.NodeSelector, $"{at}.wan.nodeSelector"),
            { Nodes.AddressType: not (null or "ExternalIP" or "InternalIP") and var type } =>
                $"{at}.nodes.addressType: '{Shown(type)}' is not one of ExternalIP, InternalIP",
            { Nodes: { } nodes } => SelectorRules.Mistake(nodes.Selector, $"{at}.nodes.selector"),
            { Service.Name: null or "" } => $"{at}.service.name: missing; name a Service of the same namespace",
            { Service.Name: var name } when !ServiceName().IsMatch(name) => $"{at}.service.name: '{Shown(name)}' "
                + "is not the name of a Service; use at most 63 lower-case letters, digits and hyphens, a letter first",
            _ => null,
        };
    }

    private static string Shown(string? text) => UntrustedText.Clean(text);

    private static (ReadSpec? Spec, string? Mistake) Wrong(string mistake) => (null, mistake);

    /// <summary>A label of RFC 1035, as Services have it.</summary>
    [GeneratedRegex(@"\A[a-z]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex ServiceName();

    /// <summary>A subdomain of RFC 1123, as most objects have it.</summary>
    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex ObjectName();

    [GeneratedRegex(@"\A[-._a-zA-Z0-9]+\z")]
    private static partial Regex SecretKey();
}
