using System.Globalization;
using System.Text;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>Selects the objects of a list or a watch.</summary>
internal sealed record ListQuery
{
    /// <summary>Selects objects by their labels.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Selects objects by their fields.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>The maximum number of objects in one response.</summary>
    public int? Limit { get; init; }

    /// <summary>The token of the next page of a list.</summary>
    public string? Continue { get; init; }

    /// <summary>For a watch: it starts after this version.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>For a watch: the API server ends it after this number of seconds.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>The query of a list, or with <see cref="ResourceVersion"/> of a watch with bookmarks.</summary>
    public override string ToString()
    {
        var query = new StringBuilder();
        Add("labelSelector", LabelSelector);
        Add("fieldSelector", FieldSelector);
        Add("limit", Limit?.ToString(CultureInfo.InvariantCulture));
        Add("continue", Continue);
        Add("resourceVersion", ResourceVersion);
        if (ResourceVersion is not null)
        {
            Add("allowWatchBookmarks", "true");
            Add("watch", "true");
        }

        Add("timeoutSeconds", TimeoutSeconds?.ToString(CultureInfo.InvariantCulture));
        return query.ToString();

        void Add(string name, string? value)
        {
            if (value is not null)
                query
                    .Append(query.Length == 0 ? '?' : '&')
                    .Append(name)
                    .Append('=')
                    .Append(Uri.EscapeDataString(value));
        }
    }
}
