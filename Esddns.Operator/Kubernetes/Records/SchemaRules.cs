using System.Text.RegularExpressions;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// The schema's rules for names and selectors, once more: an object may be older than the schema, and a server before
/// Kubernetes 1.25 knows no CEL.
/// </summary>
internal static partial class SchemaRules
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;
    private const int MaxLabelKey = 317;

    /// <summary>What to write instead; null when there is no mistake.</summary>
    public static string? Mistake(DynamicRecordSpec spec)
    {
        if (spec.CredentialsSecretRef is { } secret)
        {
            if (secret.Name is { } name && (name.Length > MaxName || !SecretName().IsMatch(name)))
                return "spec.credentialsSecretRef.name: it cannot be the name of a Secret";
            if (secret.Key is { } key && (key.Length > MaxName || !SecretKey().IsMatch(key)))
                return "spec.credentialsSecretRef.key: it cannot be a key of a Secret";
        }

        if (spec.AddressFrom?.Service?.Name is { } service
            && (service.Length > MaxLabel || !ServiceName().IsMatch(service)))
            return "spec.addressFrom.service.name: it cannot be the name of a Service";
        return Mistake("spec.addressFrom.wan.nodeSelector", spec.AddressFrom?.Wan?.NodeSelector)
            ?? Mistake("spec.addressFrom.nodes.selector", spec.AddressFrom?.Nodes?.Selector);
    }

    private static string? Mistake(string field, V1LabelSelector? selector)
    {
        if (selector?.MatchLabels?.Keys.Any(k => k.Length > MaxLabelKey) == true)
            return $"{field}.matchLabels: a key has more than {MaxLabelKey} characters";
        return selector?.MatchExpressions?.All(IsWhole) == false
            ? $"{field}.matchExpressions: values are needed for In and NotIn, and mean nothing for others"
            : null;
    }

    private static bool IsWhole(V1LabelSelectorRequirement? expression) => expression switch
    {
        { OperatorProperty: "In" or "NotIn" } => expression.Values is { Count: > 0 },
        { OperatorProperty: "Exists" or "DoesNotExist" } => expression.Values is null or { Count: 0 },
        _ => false,
    };

    /// <summary>A DNS label that begins with a letter (RFC 1035).</summary>
    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex ServiceName();

    /// <summary>A DNS subdomain (RFC 1123).</summary>
    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"^\.?[-_A-Za-z0-9][-._A-Za-z0-9]*\z")]
    private static partial Regex SecretKey();
}
