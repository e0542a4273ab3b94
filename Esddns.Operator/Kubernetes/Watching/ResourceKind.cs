using k8s;

namespace Esddns.Operator.Kubernetes.Watching;

/// <summary>How objects of one kind are listed and watched.</summary>
/// <param name="Name">As a person would write it.</param>
/// <param name="ListAsync">Lists all; answers with them and the resource version of the list.</param>
/// <param name="Watch">Reports what happens after a resource version; errors of the stream go to the callback.</param>
internal sealed record ResourceKind<T>(
    string Name,
    Func<CancellationToken, Task<(IEnumerable<T> Items, string Version)>> ListAsync,
    Func<string, int, Action<Exception>, CancellationToken, IAsyncEnumerable<(WatchEventType Type, T Object)>> Watch)
{
    /// <summary>Whether the cluster may not know this kind, which then means that there are none.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The longest wait between two attempts at a list or watch that fails. Default 5 s.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);
}
