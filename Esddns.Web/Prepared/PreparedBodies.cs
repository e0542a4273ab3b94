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

    /// <summary>The size of all bodies, in bytes, above which a further one replaces them.</summary>
    private const long MaxSize = 16 * 1024 * 1024;

    /// <summary>How long the bodies of a stale status are kept: they contain its age in seconds.</summary>
    private static readonly TimeSpan s_staleAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lazy<Task<PreparedBody>>> _bodies = new(StringComparer.Ordinal);
    private long _version;
    private long _began;

    /// <summary>Answers from this status. The body is made on demand.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The newest status.</param>
    /// <param name="key">What is asked for: the path, and the query in one form.</param>
    /// <param name="prepare">Makes the body.</param>
    public async Task AnswerAsync(
        HttpContext context,
        CachedStatus status,
        string key,
        Func<Task<PreparedBody>> prepare
    ) => await (await GetAsync(status, key, prepare)).WriteAsync(context);

    private Task<PreparedBody> GetAsync(CachedStatus status, string key, Func<Task<PreparedBody>> prepare)
    {
        Lazy<Task<PreparedBody>>? body;
        lock (_gate)
        {
            if (_version != status.Version || (status.IsStale && time.GetElapsedTime(_began) >= s_staleAge))
            {
                _bodies.Clear();
                (_version, _began) = (status.Version, time.GetTimestamp());
            }

            if (!_bodies.TryGetValue(key, out body))
            {
                if (_bodies.Count >= MaxCount || Size > MaxSize)
                    _bodies.Clear();
                _bodies[key] = body = new Lazy<Task<PreparedBody>>(prepare);
            }
        }

        // Outside of the lock: a large body takes long, and the others need not wait for it.
        return body.Value;
    }

    private long Size =>
        _bodies.Values.Sum(b =>
            b is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? b.Value.Result.Size : 0
        );
}
