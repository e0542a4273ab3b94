namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>Selects objects by their labels: all parts must match.</summary>
internal sealed class LabelSelector
{
    /// <summary>Labels with exactly these values.</summary>
    public Dictionary<string, string>? MatchLabels { get; set; }

    /// <summary>Conditions on labels.</summary>
    public List<LabelSelectorRequirement>? MatchExpressions { get; set; }
}

/// <summary>A condition for one label.</summary>
internal sealed class LabelSelectorRequirement
{
    /// <summary>The label.</summary>
    public string Key { get; set; } = "";

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</summary>
    public string? Operator { get; set; }

    /// <summary>The values for <c>In</c> and <c>NotIn</c>.</summary>
    public List<string>? Values { get; set; }
}
