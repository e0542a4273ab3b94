using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Informers;

/// <summary>
/// Objects of one kind, kept as the API server has them: listed once, then watched, and listed again when the server no
/// longer knows the version we are at (410 Gone) or says something that cannot be understood. While it cannot be
/// reached, what was last known stays.
/// </summary>
internal sealed class Informer<T>(ResourceClient<T> kind, TimeProvider time, Random random, ILogger logger)
    where T : KubernetesObject
{
    private readonly RetryWait _wait = new(TimeSpan.FromMilliseconds(200), kind.LongestWait);

    /// <summary>A server that has just started may not serve a kind yet.</summary>
    private static readonly TimeSpan s_unknownKindPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableDictionary<string, T> _objects = ImmutableDictionary<string, T>.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _version;

    /// <summary>An object came, changed or went; null stands for its absence.</summary>
    public event Action<T?, T?>? Changed;

    /// <summary>All objects.</summary>
    public IReadOnlyCollection<T> Objects => [.. Volatile.Read(ref _objects).Values];

    /// <summary>Done when all have been listed once.</summary>
    public Task Listed => _listed.Task;

    /// <summary>Since when the API server cannot be reached; null while it can.</summary>
    public DateTimeOffset? LostSince { get; private set; }

    /// <summary>Why it cannot be reached.</summary>
    public string? Problem { get; private set; }

    /// <summary>One of them.</summary>
    public T? Find(string name, string? @namespace = null) =>
        Volatile.Read(ref _objects).GetValueOrDefault($"{@namespace}/{name}");

    /// <summary>Done when anything has changed since this call, contact with the server included.</summary>
    public Task NextChange()
    {
        lock (_gate)
            return _changed.Task;
    }

    /// <summary>
    /// Keeps the objects until cancelled. Nothing is asked again without a wait; a watch that lasted is no failure, one
    /// that ended soon is one.
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
#pragma warning disable CA1031 // Whatever goes wrong with a watch, the answer is to watch again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                // Changes may have been missed, so list again.
                _version = null;
                if (
                    e.Says(HttpStatusCode.NotFound)
                    && kind.IsOptional
                    && time.GetElapsedTime(began) > s_unknownKindPatience
                )
                    _listed.TrySetResult();
                if (!IsGone(e))
                    Lost(e);
            }

            var hasLasted = watching is { } since && time.GetElapsedTime(since) >= _wait.Longest;
            failures = hasLasted ? 0 : failures + 1;
            await Task.Delay(_wait.After(failures, random), time, cancellationToken);
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var (items, version) = await kind.ListAsync(cancellationToken);
        // An object that changed while the parts were listed may be in two of them.
        var next = ImmutableDictionary<string, T>.Empty.SetItems(items.Select(i => KeyValuePair.Create(Key(i), i)));
        var before = Interlocked.Exchange(ref _objects, next);
        _version = version;
        Found();
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
    /// Until the server ends it, which it does every few minutes; the next one goes on where this one ended.
    /// </summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var (type, item) in kind.Watch(_version!, random.Next(240, 480), cancellationToken))
        {
            Found();
            _version = item.Metadata.ResourceVersion;
            if (type != WatchEventType.Bookmark)
                Apply(type, item);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The version that we are at was compacted away, which is no trouble.</summary>
    private static bool IsGone(Exception e) => e.Says(HttpStatusCode.Gone);

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

    private void Found()
    {
        if (LostSince is null && Problem is null)
            return;
        logger.WatchFound(kind.Name);
        (LostSince, Problem) = (null, null);
        Signal();
    }

    private void Lost(Exception e)
    {
        var problem = e.Explain();
        if (problem != Problem)
            logger.WatchLost(kind.Name, problem);
        LostSince ??= time.GetUtcNow();
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
