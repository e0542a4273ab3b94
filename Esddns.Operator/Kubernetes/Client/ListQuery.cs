using System.Globalization;
using System.Text;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>What to list or to watch.</summary>
internal sealed record ListQuery
{
    /// <summary>Only objects with such labels.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Only objects with such fields.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>The most objects in one answer.</summary>
    public int? Limit { get; init; }

    /// <summary>The part of the list to go on with.</summary>
    public string? Continue { get; init; }

    /// <summary>For a watch: the version to begin after.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>For a watch: when the server ends it.</summary>
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
