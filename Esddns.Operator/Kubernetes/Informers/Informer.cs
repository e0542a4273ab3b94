using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Informers;

/// <summary>
/// Keeps a copy of the objects of one kind: lists them once, then watches them. It lists them again after 410 Gone, and
/// after a response that cannot be parsed. While the API server is unreachable, the last known objects are kept.
/// </summary>
internal sealed class Informer<T>(ResourceClient<T> kind, TimeProvider time, Random random, ILogger logger)
    where T : KubernetesObject
{
    private readonly RetryWait _wait = new(TimeSpan.FromMilliseconds(200), kind.LongestWait);

    /// <summary>An API server that has just started may not serve a kind yet.</summary>
    private static readonly TimeSpan s_missingKindTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableDictionary<string, T> _objects = ImmutableDictionary<string, T>.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _version;
    private volatile bool _isMissing;

    /// <summary>An object was added, changed or deleted; null stands for its absence.</summary>
    public event Action<T?, T?>? Changed;

    /// <summary>All objects.</summary>
    public IReadOnlyCollection<T> Objects => [.. Volatile.Read(ref _objects).Values];

    /// <summary>Completed after the first list.</summary>
    public Task Listed => _listed.Task;

    /// <summary>The time since which the API server is unreachable; null while it is reachable.</summary>
    public DateTimeOffset? UnreachableSince { get; private set; }

    /// <summary>
    /// Whether the API server does not answer the list or the watch. An optional kind that the cluster does not have is
    /// no fault.
    /// </summary>
    public bool IsLost => UnreachableSince is not null && !_isMissing;

    /// <summary>Why the API server is unreachable.</summary>
    public string? Problem { get; private set; }

    /// <summary>The object of this name; null when there is none.</summary>
    public T? Find(string name, string? @namespace = null) =>
        Volatile.Read(ref _objects).GetValueOrDefault($"{@namespace}/{name}");

    /// <summary>Completes at the next change after this call, of an object or of the connection.</summary>
    public Task NextChange()
    {
        lock (_gate)
            return _changed.Task;
    }

    /// <summary>
    /// Keeps the objects until cancelled. There is a wait before every attempt but the first. It grows when watches end
    /// soon, and is reset by a watch that lasts.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (failures, began) = (0, time.GetTimestamp());
        while (true)
        {
            long? watching = null;
            try
            {
                if (_version is null)
                    await ListAsync(cancellationToken);
                watching = time.GetTimestamp();
                await WatchAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
#pragma warning disable CA1031 // After any failure, the objects are listed and watched again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                // Changes may have been missed, so list again.
                _version = null;
                _isMissing = kind.IsOptional && e.HasStatus(HttpStatusCode.NotFound);
                if (_isMissing && time.GetElapsedTime(began) > s_missingKindTimeout)
                    _listed.TrySetResult();
                if (!IsGone(e))
                    MarkUnreachable(e);
            }

            var hasLasted = watching is { } since && time.GetElapsedTime(since) >= _wait.Longest;
            failures = hasLasted ? 0 : failures + 1;
            await Task.Delay(_wait.After(failures, random), time, cancellationToken);
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var (items, version) = await kind.ListAsync(cancellationToken);
        // An object that changed while the pages were listed may be on two of them.
        var next = ImmutableDictionary<string, T>.Empty.SetItems(items.Select(i => KeyValuePair.Create(Key(i), i)));
        var before = Interlocked.Exchange(ref _objects, next);
        _version = version;
        MarkReachable();
        foreach (var (key, item) in next)
            if (
                before.GetValueOrDefault(key) is var old
                && old?.Metadata.ResourceVersion != item.Metadata.ResourceVersion
            )
                Changed?.Invoke(old, item);
        foreach (var (key, item) in before)
            if (!next.ContainsKey(key))
                Changed?.Invoke(item, default);
        Signal();
        _listed.TrySetResult();
    }

    /// <summary>
    /// Watches until the API server ends the watch, which it does every few minutes. The next watch continues at the
    /// last version.
    /// </summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var (type, item) in kind.Watch(_version!, random.Next(240, 480), cancellationToken))
        {
            MarkReachable();
            _version = item.Metadata.ResourceVersion;
            if (type != WatchEventType.Bookmark)
                Apply(type, item);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Whether the resource version is too old, which happens normally.</summary>
    private static bool IsGone(Exception e) => e.HasStatus(HttpStatusCode.Gone);

    private void Apply(WatchEventType type, T item)
    {
        var key = Key(item);
        var before = _objects.GetValueOrDefault(key);
        Volatile.Write(
            ref _objects,
            type == WatchEventType.Deleted ? _objects.Remove(key) : _objects.SetItem(key, item)
        );
        Changed?.Invoke(before, type == WatchEventType.Deleted ? default : item);
        Signal();
    }

    private void MarkReachable()
    {
        if (UnreachableSince is null && Problem is null)
            return;
        logger.WatchRestored(kind.Name);
        (UnreachableSince, Problem) = (null, null);
        Signal();
    }

    private void MarkUnreachable(Exception e)
    {
        var problem = e.Explain();
        if (problem != Problem)
            logger.WatchFailed(kind.Name, problem);
        UnreachableSince ??= time.GetUtcNow();
        Problem = problem;
        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate)
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        changed.SetResult();
    }

    private static string Key(T item) => $"{item.Namespace}/{item.Name}";
}
