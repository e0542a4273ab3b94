using Esddns.Web.Status;

namespace Esddns.Web.Prepared;

/// <summary>
/// Keeps the prepared bodies of the newest status, so that a thousand visitors cost little more than one. A new version
/// of the status discards all of them.
/// </summary>
internal sealed class PreparedBodies(TimeProvider time)
{
    /// <summary>The maximum number of bodies: clients can ask for any number of different ones.</summary>
    private const int MaxCount = 256;

    /// <summary>The size of all bodies, in bytes, above which the oldest are discarded.</summary>
    private const long MaxSize = 8 * 1024 * 1024;

    /// <summary>How long the bodies of a stale status are kept: they contain its age in seconds.</summary>
    private static readonly TimeSpan s_staleAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Task<PreparedBody?>> _bodies = new(StringComparer.Ordinal);
    private long _version;
    private long _began;

    /// <summary>Answers from this status. The body is made on demand.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The newest status.</param>
    /// <param name="key">What is asked for: the path, and the query in one form.</param>
    /// <param name="prepare">Makes the body; null when the status does not have what is asked for.</param>
    /// <returns>Whether there was a body. Otherwise nothing has been answered.</returns>
    public async Task<bool> TryAnswerAsync(
        HttpContext context,
        CachedStatus status,
        string key,
        Func<Task<PreparedBody?>> prepare
    )
    {
        if (await Get(status, key, prepare) is not { } body)
            return false;
        await body.WriteAsync(context);
        return true;
    }

    /// <summary>Answers from this status, which always has what is asked for.</summary>
    public Task AnswerAsync(HttpContext context, CachedStatus status, string key, Func<PreparedBody> prepare) =>
        TryAnswerAsync(context, status, key, () => Task.FromResult<PreparedBody?>(prepare()));

    private Task<PreparedBody?> Get(CachedStatus status, string key, Func<Task<PreparedBody?>> prepare)
    {
        lock (_gate)
        {
            if (_version != status.Version || (status.IsStale && time.GetElapsedTime(_began) >= s_staleAge))
            {
                _bodies.Clear();
                (_version, _began) = (status.Version, time.GetTimestamp());
            }

            if (_bodies.TryGetValue(key, out var known) && !known.IsFaulted)
                return known;
            while (_bodies.Count >= MaxCount || Size > MaxSize)
                _bodies.RemoveAt(0);
            // Outside of the lock: a large body takes long, and the others need not wait for it.
            return _bodies[key] = Task.Run(prepare);
        }
    }

    private long Size => _bodies.Values.Sum(b => b.IsCompletedSuccessfully ? b.Result?.Size ?? 0 : 0);
}
