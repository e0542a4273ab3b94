namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>A list of objects, or a page of it.</summary>
internal sealed class ObjectList<T>
{
    /// <summary>The version of the list, and the token of the next page.</summary>
    public ListMeta Metadata { get; set; } = new();

    /// <summary>The objects; null when a list of metadata is empty.</summary>
    public List<T>? Items { get; set; }
}

/// <summary>The metadata of a list.</summary>
internal sealed class ListMeta
{
    /// <summary>The version of the whole list, from which a watch continues.</summary>
    public string ResourceVersion { get; set; } = "";

    /// <summary>The token of the next page; null or empty on the last page.</summary>
    public string? Continue { get; set; }
}
