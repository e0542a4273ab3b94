using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Informers;

/// <summary>Lists and watches the objects of one kind.</summary>
/// <param name="Name">The name in messages.</param>
/// <param name="PageAsync">Lists a page of at most <see cref="PageSize"/> objects; null asks for the first
/// page.</param>
/// <param name="Watch">Reports the events after a resource version, for this number of seconds.</param>
internal sealed record ResourceClient<T>(
    string Name,
    Func<string?, CancellationToken, Task<ObjectList<T>>> PageAsync,
    Func<string, int, CancellationToken, IAsyncEnumerable<WatchEvent<T>>> Watch
)
    where T : KubernetesObject
{
    /// <summary>
    /// The maximum number of objects in a page, as in client-go. Each page has the whole time limit of a request.
    /// </summary>
    public const int PageSize = 500;

    /// <summary>More pages than any cluster has.</summary>
    private const int MaxPages = 1000;

    /// <summary>Whether the kind may be missing in the cluster; then there are no objects.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The longest wait between two attempts at a list or watch that fails. Default 5 s.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Lists all objects. Returns them and the resource version of the list.</summary>
    /// <exception cref="ApiException">A page cannot be read. 410: the list took so long that its version no longer
    /// exists, and it has to start again.</exception>
    public async Task<(IReadOnlyCollection<T> Items, string Version)> ListAsync(CancellationToken cancellationToken)
    {
        var items = new List<T>();
        string? next = null;
        for (var pages = 1; pages <= MaxPages; pages++)
        {
            var page = await PageAsync(next, cancellationToken);
            items.AddRange(page.Items ?? []);
            next = page.Metadata.Continue;
            if (string.IsNullOrEmpty(next))
                return (items, page.Metadata.ResourceVersion);
        }

        throw new HttpRequestException($"The list of {Name} does not end after {MaxPages} pages");
    }
}
