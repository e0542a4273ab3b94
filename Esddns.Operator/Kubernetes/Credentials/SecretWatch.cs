using System.Text;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Informers;

namespace Esddns.Operator.Kubernetes.Credentials;

/// <summary>Watches one Secret while a record names it and the term lasts.</summary>
internal sealed class SecretWatch : IDisposable
{
    /// <summary>
    /// The longest wait after a failure. Users decide which Secrets are named and readable, so failures are common.
    /// </summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(2);

    private readonly Informer<Secret> _informer;
    private readonly CancellationTokenSource _end;
    private readonly TimeProvider _time;
    private Secret? _last;
    private long _goneAt;

    /// <summary>Begins the watch.</summary>
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
        if (!isOwn)
            kind = kind with { LongestWait = s_longestWait };
        _informer = new Informer<Secret>(kind, time, random, logger);
        _informer.Changed += (before, after) =>
        {
            if (after is null)
                _goneAt = time.GetTimestamp();
            else
                _last = after;
            changed();
        };
        _ = RunAsync(changed);
    }

    /// <summary>The Secret.</summary>
    public SecretLocation Id { get; }

    /// <summary>Whether the API server has not answered yet.</summary>
    public bool IsPending => !Listed.IsCompleted && _informer.Problem is null;

    /// <summary>Completed when the Secret, or its absence, is known.</summary>
    public Task Listed => _informer.Listed;

    /// <summary>Returns the token at <paramref name="key"/>; or null with the problem.</summary>
    /// <param name="key">The key in the Secret.</param>
    /// <param name="grace">How long the token of a deleted Secret stays usable. When a namespace is deleted, its
    /// Secrets are deleted before objects with a finalizer.</param>
    /// <param name="problem">The reason when there is no token.</param>
    public string? Find(string key, TimeSpan grace, out string? problem)
    {
        problem = null;
        var found = _informer.Find(Id.Name, Id.Namespace);
        if (found is null && _last is not null && _time.GetElapsedTime(_goneAt) < grace)
            found = _last;
        if (found?.Data?.TryGetValue(key, out var value) == true)
            return Encoding.UTF8.GetString(value);
        problem = (found, _informer) switch
        {
            (not null, _) => $"the Secret {Id} has no key '{key}'",
            (_, { Problem: { } p }) => $"the Secret {Id} cannot be read: {p}",
            (_, { Listed.IsCompleted: true }) => $"there is no Secret {Id}",
            _ => $"the Secret {Id} has not been read yet",
        };
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
        var run = _informer.RunAsync(_end.Token);
        while (true)
        {
            // Taken before the check, so that no change is missed in between.
            var next = _informer.NextChange();
            if (_informer.Listed.IsCompleted || _informer.Problem is not null || run.IsCompleted)
                break;
            await Task.WhenAny(next, run);
        }

        if (!run.IsCompleted)
            changed();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>The namespace and name of a Secret.</summary>
internal sealed record SecretLocation(string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
