using System.Text;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Informers;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>The watch of one Secret, for as long as a record names it and the term lasts.</summary>
internal sealed class SecretWatch : IDisposable
{
    /// <summary>Others than the administrator decide which Secrets are named, and whether they can be read.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(2);

    private readonly Informer<Secret> _cache;
    private readonly CancellationTokenSource _end;
    private readonly TimeProvider _time;
    private Secret? _last;
    private long _goneAt;

    /// <summary>Begins it.</summary>
    public SecretWatch(
        ApiClient api,
        SecretLocation id,
        bool isOwn,
        Action changed,
        TimeProvider time,
        Random random,
        ILogger logger,
        CancellationToken ended
    )
    {
        (Id, _time) = (id, time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var kind = ResourceClients.Secret(api, id.Namespace, id.Name);
        _cache = new Informer<Secret>(isOwn ? kind : kind with { LongestWait = s_longestWait }, time, random, logger);
        _cache.Changed += (before, after) =>
        {
            if (after is null)
                _goneAt = time.GetTimestamp();
            else
                _last = after;
            changed();
        };
        _ = RunAsync(changed);
    }

    /// <summary>Whose it is.</summary>
    public SecretLocation Id { get; }

    /// <summary>Done when the Secret, or its absence, is known.</summary>
    public Task Listed => _cache.Listed;

    /// <summary>The token at <paramref name="key"/>; or null with the problem.</summary>
    /// <param name="key">The key in the Secret.</param>
    /// <param name="grace">
    /// For how long a Secret that is gone still counts: a namespace loses it before what is held there.
    /// </param>
    /// <param name="problem">What is wrong.</param>
    public string? Find(string key, TimeSpan grace, out string? problem)
    {
        problem = null;
        var found = _cache.Find(Id.Name, Id.Namespace);
        if (found is null && _last is not null && _time.GetElapsedTime(_goneAt) < grace)
            found = _last;
        if (found?.Data?.TryGetValue(key, out var value) == true)
            return Encoding.UTF8.GetString(value);
        problem =
            found is not null ? $"the Secret {Id} has no key '{key}'"
            : _cache.Problem is { } p ? $"the Secret {Id} cannot be read: {p}"
            : _cache.Listed.IsCompleted ? $"there is no Secret {Id}"
            : $"the Secret {Id} has not been read yet";
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    /// <summary>Reports the first answer of the API server, also when it is an error.</summary>
    private async Task RunAsync(Action changed)
    {
        var run = _cache.RunAsync(_end.Token);
        while (true)
        {
            // Taken before the check, so that no change is missed in between.
            var next = _cache.NextChange();
            if (_cache.Listed.IsCompleted || _cache.Problem is not null || run.IsCompleted)
                break;
            await Task.WhenAny(next, run);
        }

        if (!run.IsCompleted)
            changed();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>The place of a Secret.</summary>
internal readonly record struct SecretLocation(string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
