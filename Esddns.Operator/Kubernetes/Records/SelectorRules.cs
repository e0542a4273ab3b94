using System.Text.RegularExpressions;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// The rules for label selectors that the API server holds for its own kinds, and a bound on their size: a selector is
/// matched against every node.
/// </summary>
internal static partial class SelectorRules
{
    /// <summary>So many labels, conditions, and values of a condition.</summary>
    public const int MaxItems = 64;

    /// <summary>What to write instead; null when nothing is wrong.</summary>
    public static string? Mistake(LabelSelector? selector, string at)
    {
        if (selector is { MatchLabels.Count: > MaxItems } or { MatchExpressions.Count: > MaxItems })
            return $"{at}: at most {MaxItems} labels and conditions are taken";
        foreach (var (key, value) in selector?.MatchLabels ?? new Dictionary<string, string>())
        {
            if (!IsKey(key))
                return $"{at}.matchLabels: '{ForeignText.Clean(key)}' is not the name of a label";
            if (!IsValue(value))
                return $"{at}.matchLabels.{key}: '{ForeignText.Clean(value)}' is not the value of a label";
        }

        return (selector?.MatchExpressions ?? [])
            .Select(e => Mistake(e, $"{at}.matchExpressions"))
            .FirstOrDefault(m => m is not null);
    }

    private static string? Mistake(LabelSelectorRequirement? condition, string at) =>
        condition switch
        {
            null => $"{at}: a condition is empty",
            _ when !IsKey(condition.Key) => $"{at}: '{ForeignText.Clean(condition.Key)}' is not the name of a label",
            { Operator: "In" or "NotIn", Values: null or { Count: 0 } } => $"{at}: {condition.Operator} needs values",
            { Operator: "In" or "NotIn", Values.Count: > MaxItems } => $"{at}: at most {MaxItems} values are taken",
            { Operator: "In" or "NotIn" } => condition.Values.FirstOrDefault(v => !IsValue(v)) is { } odd
                ? $"{at}: '{ForeignText.Clean(odd)}' is not the value of a label"
            : condition.Values.Contains(null!) ? $"{at}: a value is empty"
            : null,
            { Operator: "Exists" or "DoesNotExist", Values.Count: > 0 } =>
                $"{at}: {condition.Operator} takes no values",
            { Operator: "Exists" or "DoesNotExist" } => null,
            _ => $"{at}: '{ForeignText.Clean(condition.Operator)}' is not one of In, NotIn, Exists, " + "DoesNotExist",
        };

    /// <summary>A name of at most 63 characters, after a domain and a slash if there is one.</summary>
    private static bool IsKey(string? key) => key is { Length: <= 317 } && Key().IsMatch(key);

    private static bool IsValue(string? value) => value is { Length: <= 63 } && Value().IsMatch(value);

    [GeneratedRegex(@"\A([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex Key();

    [GeneratedRegex(@"\A([A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?)?\z")]
    private static partial Regex Value();
}
