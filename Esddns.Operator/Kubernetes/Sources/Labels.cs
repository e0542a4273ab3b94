using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>
/// Label selectors
/// (<see href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"/>).
/// </summary>
internal static class Labels
{
    /// <summary>Whether a selector chooses these labels; none chooses all.</summary>
    public static bool Match(LabelSelector? selector, IDictionary<string, string>? labels)
    {
        labels ??= new Dictionary<string, string>();
        return (selector?.MatchLabels ?? new Dictionary<string, string>()).All(l =>
                labels.TryGetValue(l.Key, out var value) && value == l.Value
            ) && (selector?.MatchExpressions ?? []).All(e => Match(e, labels));
    }

    private static bool Match(LabelSelectorRequirement requirement, IDictionary<string, string> labels)
    {
        var isThere = labels.TryGetValue(requirement.Key, out var value);
        return requirement.Operator switch
        {
            "In" => isThere && Includes(requirement, value!),
            "NotIn" => !isThere || !Includes(requirement, value!),
            "Exists" => isThere,
            "DoesNotExist" => !isThere,
            // An operator of the future must not choose more than was meant.
            _ => false,
        };
    }

    private static bool Includes(LabelSelectorRequirement requirement, string value) =>
        requirement.Values?.Contains(value) == true;
}
