namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>A list, or a part of one.</summary>
internal sealed class ObjectList<T>
{
    /// <summary>Its version, and how to go on.</summary>
    public ListMeta Metadata { get; set; } = new();

    /// <summary>The objects; a list of metadata has null for none.</summary>
    public List<T>? Items { get; set; }
}

/// <summary>What all lists have.</summary>
internal sealed class ListMeta
{
    /// <summary>The version of the whole list, which a watch goes on from.</summary>
    public string ResourceVersion { get; set; } = "";

    /// <summary>What to ask for the next part with; null or empty when this is the last one.</summary>
    public string? Continue { get; set; }
}
