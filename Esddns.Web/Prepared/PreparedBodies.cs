using System.Globalization;
using Esddns.Web.Status;

namespace Esddns.Web.Prepared;

/// <summary>
/// The bodies that were asked for, prepared once for each version of the status. While the status is stale, bodies show
/// its age, so they are valid for one second.
/// </summary>
internal sealed class PreparedBodies(StatusCache cache, TimeProvider time)
{
    /// <summary>The maximum number of bodies. Requests can have any parameters.</summary>
    public const int MaxBodies = 256;

    /// <summary>The maximum size of all bodies, in bytes. A page of 1000 records has about 1 MB.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan s_staleLife = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PreparedBody> _bodies = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private CachedStatus? _status;
    private long _since;
    private long _bytes;

    /// <summary>The number of bodies that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _bodies.Count;
        }
    }

    /// <summary>Answers with a body of the newest status.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">What was asked: the path and the parameters that matter.</param>
    /// <param name="make">Makes the answer.</param>
    public Task AnswerAsync(HttpContext context, string key, Func<CachedStatus, Answer> make) =>
        AnswerAsync(context, key, status => ValueTask.FromResult(make(status)));

    /// <inheritdoc cref="AnswerAsync(HttpContext, string, Func{CachedStatus, Answer})"/>
    public async Task AnswerAsync(HttpContext context, string key, Func<CachedStatus, ValueTask<Answer>> make)
    {
        await cache.FirstAsync(context.RequestAborted);
        if (Find(key, out var status) is { } known)
        {
            await known.WriteAsync(context);
            return;
        }

        var answer = await make(status);
        if (answer.StatusCode != StatusCodes.Status200OK)
        {
            await WriteAsync(context, answer);
            return;
        }

        var body = Keep(key, new PreparedBody(answer), status);
        await body.WriteAsync(context);
    }

    /// <summary>Answers without keeping the body, such as with a problem.</summary>
    public static Task WriteAsync(HttpContext context, Answer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.StatusCode;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        response.Headers.CacheControl = "no-store";
        if (answer.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask();
    }

    /// <summary>Returns the body of the newest status; null and that status if there is none.</summary>
    private PreparedBody? Find(string key, out CachedStatus status)
    {
        lock (_gate)
        {
            if (_status is null || _status.Version != cache.Version || IsOutlived(_status))
            {
                _bodies.Clear();
                _order.Clear();
                (_status, _since, _bytes) = (cache.Now, time.GetTimestamp(), 0);
            }

            status = _status;
            return _bodies.GetValueOrDefault(key);
        }
    }

    private bool IsOutlived(CachedStatus status) => status.IsStale && time.GetElapsedTime(_since) >= s_staleLife;

    /// <summary>Keeps a body, unless it is too large or the status is no longer the newest one.</summary>
    /// <returns>The body to answer with: an equal one may be kept already.</returns>
    private PreparedBody Keep(string key, PreparedBody body, CachedStatus status)
    {
        var size = body.Size + (2L * key.Length);
        lock (_gate)
        {
            if (!ReferenceEquals(status, _status) || size > MaxBytes)
                return body;
            if (_bodies.TryGetValue(key, out var known))
                return known;
            while (_bodies.Count >= MaxBodies || _bytes + size > MaxBytes)
            {
                var oldest = _order.Dequeue();
                _bodies.Remove(oldest, out var dropped);
                _bytes -= (dropped?.Size ?? 0) + (2L * oldest.Length);
            }

            _bodies.Add(key, body);
            _order.Enqueue(key);
            _bytes += size;
            return body;
        }
    }
}
