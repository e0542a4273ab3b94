using System.Collections.Concurrent;
using System.Text;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.Kubernetes.Watching;
using Esddns.Operator.Reconcile;
using k8s;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Tokens in Secrets, by the name <c>namespace/secret#key</c>. Each Secret is watched by itself, by name, from its first use on: a new
/// key is used at once.
/// </summary>
internal sealed class SecretTokens(
    IKubernetes api, KubernetesOptions options, LiveDnsOptions liveDns, Wakeups wakeups, IHostApplicationLifetime lifetime, TimeProvider time, Random random, ILoggerFactory loggers) : ITokenStore
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Namespace, string Secret), Lazy<ObjectCache<V1Secret>>> _secrets = new();

    /// <inheritdoc/>
    public string DefaultName => $"{options.Namespace}/{KubernetesOptions.CredentialsName}#{KubernetesOptions.CredentialsKey}";

    /// <summary>Waits a moment for the token of the configuration, so that the first round does not have to fail.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        if (liveDns is not { Token: null, TokenFile: null }) return;
        var listed = Watch(options.Namespace, KubernetesOptions.CredentialsName).Listed;
        await Task.WhenAny(listed, Task.Delay(s_patience, time, cancellationToken));
    }

    /// <inheritdoc/>
    public string? Find(string name, out string? problem)
    {
        var (@namespace, secret, key) = Split(name);
        var cache = Watch(@namespace, secret);
        problem = null;
        if (cache.Find(secret, @namespace) is { } found)
        {
            if (found.Data?.TryGetValue(key, out var value) == true) return Encoding.UTF8.GetString(value);
            problem = $"the Secret {@namespace}/{secret} has no key '{key}'";
        }
        else
        {
            problem = cache.Problem is { } p ? $"the Secret {@namespace}/{secret} cannot be read: {p}"
                : cache.Listed.IsCompleted ? $"there is no Secret {@namespace}/{secret}"
                : $"the Secret {@namespace}/{secret} has not been read yet";
        }

        return null;
    }

    private ObjectCache<V1Secret> Watch(string @namespace, string secret) => _secrets.GetOrAdd((@namespace, secret), id => new(() =>
    {
        var cache = new ObjectCache<V1Secret>(Kinds.Secret(api, id.Namespace, id.Secret), time, random, loggers.CreateLogger<ObjectCache<V1Secret>>());
        // Somebody has acted, and need not wait until the next attempt is due.
        cache.Changed += (_, _) => wakeups.Wake(RoundReason.Credentials);
        _ = cache.RunAsync(lifetime.ApplicationStopping);
        _ = WakeWhenReadAsync(cache);
        return cache;
    })).Value;

    /// <summary>What is said of a Secret before the API server has answered is not what a person should read for long.</summary>
    private async Task WakeWhenReadAsync(ObjectCache<V1Secret> cache)
    {
        while (true)
        {
            var change = cache.NextChange();
            if (cache.Listed.IsCompleted || cache.Problem is not null) break;
            await change;
        }

        wakeups.Wake(RoundReason.Credentials);
    }

    private static (string Namespace, string Secret, string Key) Split(string name)
    {
        var (slash, hash) = (name.IndexOf('/', StringComparison.Ordinal), name.IndexOf('#', StringComparison.Ordinal));
        return (name[..slash], name[(slash + 1)..hash], name[(hash + 1)..]);
    }
}
