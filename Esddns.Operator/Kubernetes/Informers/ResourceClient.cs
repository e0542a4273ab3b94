using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Informers;

/// <summary>How objects of one kind are listed and watched.</summary>
/// <param name="Name">As a person would write it.</param>
/// <param name="PageAsync">Lists a part of at most <see cref="PageSize"/> objects; null asks for the first.</param>
/// <param name="Watch">Reports what happens after a resource version, for so many seconds.</param>
internal sealed record ResourceClient<T>(
    string Name,
    Func<string?, CancellationToken, Task<ObjectList<T>>> PageAsync,
    Func<string, int, CancellationToken, IAsyncEnumerable<WatchEvent<T>>> Watch
)
    where T : KubernetesObject
{
    /// <summary>
    /// The most objects in one answer, as clients of Kubernetes ask for: each part has the whole time limit of a
    /// request.
    /// </summary>
    public const int PageSize = 500;

    /// <summary>More parts than any cluster has.</summary>
    private const int MaxPages = 1000;

    /// <summary>Whether the kind may be missing in the cluster; then there are no objects.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The longest wait between two attempts at a list or watch that fails. Default 5 s.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Lists all; answers with them and the resource version of the list.</summary>
    /// <exception cref="ApiException">A part cannot be had: 410 when the list took so long that the server forgot its
    /// version, and it has to begin anew.</exception>
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

        throw new HttpRequestException($"The list of {Name} does not end after {MaxPages} parts");
    }
}
