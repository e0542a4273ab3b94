using System.Text.RegularExpressions;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Crd;

/// <summary>
/// Checks label selectors as the API server does for its own kinds, and limits their size: a selector is matched
/// against every node.
/// </summary>
internal static partial class SelectorRules
{
    /// <summary>The maximum number of labels, of expressions, and of values in an expression.</summary>
    public const int MaxItems = 64;

    /// <summary>The mistake and its correction; null when the selector is valid.</summary>
    public static string? Mistake(LabelSelector? selector, string at)
    {
        if (selector is { MatchLabels.Count: > MaxItems } or { MatchExpressions.Count: > MaxItems })
            return $"{at}: at most {MaxItems} labels and conditions are allowed";
        foreach (var (key, value) in selector?.MatchLabels ?? new Dictionary<string, string>())
        {
            if (!IsKey(key))
                return $"{at}.matchLabels: '{UntrustedText.Clean(key)}' is not the name of a label";
            if (!IsValue(value))
                return $"{at}.matchLabels.{key}: '{UntrustedText.Clean(value)}' is not the value of a label";
        }

        return (selector?.MatchExpressions ?? [])
            .Select(e => Mistake(e, $"{at}.matchExpressions"))
            .FirstOrDefault(m => m is not null);
    }

    private static string? Mistake(LabelSelectorRequirement? condition, string at) =>
        condition switch
        {
            null => $"{at}: a condition is empty",
            _ when !IsKey(condition.Key) => $"{at}: '{UntrustedText.Clean(condition.Key)}' is not the name of a label",
            { Operator: "In" or "NotIn", Values: null or { Count: 0 } } => $"{at}: {condition.Operator} needs values",
            { Operator: "In" or "NotIn", Values.Count: > MaxItems } => $"{at}: at most {MaxItems} values are allowed",
            { Operator: "In" or "NotIn" } => Mistake(condition.Values, at),
            { Operator: "Exists" or "DoesNotExist", Values.Count: > 0 } =>
                $"{at}: {condition.Operator} takes no values",
            { Operator: "Exists" or "DoesNotExist" } => null,
            _ => $"{at}: '{UntrustedText.Clean(condition.Operator)}' is not one of In, NotIn, Exists, DoesNotExist",
        };

    private static string? Mistake(List<string> values, string at)
    {
        if (values.FirstOrDefault(v => !IsValue(v)) is { } wrong)
            return $"{at}: '{UntrustedText.Clean(wrong)}' is not the value of a label";
        return values.Contains(null!) ? $"{at}: a value is empty" : null;
    }

    /// <summary>A name of at most 63 characters, after a domain and a slash if there is one.</summary>
    private static bool IsKey(string? key) => key is { Length: <= 317 } && Key().IsMatch(key);

    private static bool IsValue(string? value) => value is { Length: <= 63 } && Value().IsMatch(value);

    [GeneratedRegex(@"\A([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex Key();

    [GeneratedRegex(@"\A([A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?)?\z")]
    private static partial Regex Value();
}
