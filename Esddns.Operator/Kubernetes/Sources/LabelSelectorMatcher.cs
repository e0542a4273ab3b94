using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>
/// Matches label selectors
/// (<see href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"/>).
/// </summary>
internal static class LabelSelectorMatcher
{
    /// <summary>Whether the selector matches the labels; null matches all.</summary>
    public static bool Match(LabelSelector? selector, IDictionary<string, string>? labels)
    {
        labels ??= new Dictionary<string, string>();
        return (selector?.MatchLabels ?? new Dictionary<string, string>()).All(l =>
                labels.TryGetValue(l.Key, out var value) && value == l.Value
            ) && (selector?.MatchExpressions ?? []).All(e => Match(e, labels));
    }

    private static bool Match(LabelSelectorRequirement requirement, IDictionary<string, string> labels)
    {
        var exists = labels.TryGetValue(requirement.Key, out var value);
        return requirement.Operator switch
        {
            "In" => exists && Includes(requirement, value!),
            "NotIn" => !exists || !Includes(requirement, value!),
            "Exists" => exists,
            "DoesNotExist" => !exists,
            // An unknown selector operator must not select too many objects.
            _ => false,
        };
    }

    private static bool Includes(LabelSelectorRequirement requirement, string value) =>
        requirement.Values?.Contains(value) == true;
}
