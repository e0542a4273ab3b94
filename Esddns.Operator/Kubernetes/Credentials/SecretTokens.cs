using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Kubernetes.Informers;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Zones;

namespace Esddns.Operator.Kubernetes.Credentials;

/// <summary>
/// Reads tokens from Secrets, by the name <c>namespace/secret#key</c>. Each Secret has a watch of its own from its
/// first use. It ends when no record names the Secret, or when the term ends.
/// </summary>
internal sealed class SecretTokens(
    ApiClient api,
    KubernetesOptions options,
    ReconcileTrigger trigger,
    Backoff<HostedZone> backoff,
    TimeProvider time,
    Random random,
    ILoggerFactory loggers,
    LiveDnsOptions? liveDns = null
) : ITokenStore
{
    /// <summary>The maximum number of watched Secrets of one namespace, besides the operator's own.</summary>
    public const int MaxOfNamespace = 10;

    /// <summary>
    /// The maximum number of watched Secrets in total. Each watch is an open request at the API server.
    /// </summary>
    public const int Max = 200;

    private static readonly TimeSpan s_firstReadTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long the token of a deleted Secret stays usable for objects that will need a cleanup.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<SecretLocation, SecretWatch> _watches = [];
    private HashSet<SecretLocation> _named = [];
    private Dictionary<string, TimeSpan> _graces = [];
    private CancellationToken _ended = new(canceled: true);

    /// <inheritdoc/>
    public string DefaultName => $"{Own}#{KubernetesOptions.CredentialsKey}";

    private SecretLocation Own => new(options.Namespace, KubernetesOptions.CredentialsName);

    /// <summary>
    /// Begins a term, and waits a moment for the operator's own token, so that the first round does not fail.
    /// </summary>
    public async Task StartAsync(CancellationToken ended)
    {
        lock (_gate)
            _ended = ended;
        ended.Register(Stop);
        if (liveDns is not { Token: null, TokenFile: null } || Watch(Own) is not { } own)
            return;
        await Task.WhenAny(own.Listed, Task.Delay(s_firstReadTimeout, time, ended));
    }

    /// <summary>
    /// Ends the watches of Secrets that no record names. Tokens for a cleanup stay in memory after their Secret is
    /// deleted, for as long as the deletion waits.
    /// </summary>
    public void RetainOnly(IReadOnlyCollection<RecordRequest> requests)
    {
        var used = requests
            .SelectMany(
                r => r.Records.Select(d => d.Credentials).OfType<string>().Distinct(),
                (r, n) => (Name: n, Request: r)
            )
            .ToArray();
        var deleting = used.Where(u => Cleanup.IsDue(u.Request.Object)).Select(u => u.Name).ToHashSet();
        string[] retried;
        lock (_gate)
        {
            var byNamespace = used.Select(u => Split(u.Name).Id)
                .Distinct()
                .GroupBy(id => id.Namespace)
                .SelectMany(g => g.Take(MaxOfNamespace));
            // No namespace gets its second Secret before every namespace has its first.
            _named = RoundRobin.Of(byNamespace, id => id.Namespace).Take(Max).ToHashSet();
            retried = [.. deleting.Where(n => _graces.GetValueOrDefault(n) != TimeSpan.MaxValue)];
            _graces = used.Where(u => Cleanup.HasFinalizer(u.Request.Object))
                .Select(u => u.Name)
                .Distinct()
                .ToDictionary(n => n, n => deleting.Contains(n) ? TimeSpan.MaxValue : s_grace);
            foreach (var (id, watch) in _watches.Where(w => w.Key != Own && !_named.Contains(w.Key)).ToArray())
                End(id, watch);
        }

        // A cleanup has little time, so it does not wait for the backoff of an earlier fault.
        if (retried.Length > 0)
            backoff.Forget(z => z.Credentials is { } name && retried.Contains(name));
    }

    /// <summary>Whether the Secret of this name is being read for the first time.</summary>
    public bool IsPending(string name) => Watch(Split(name).Id) is { IsPending: true };

    /// <inheritdoc/>
    public string? Find(string name, out string? problem)
    {
        var (id, key) = Split(name);
        TimeSpan grace;
        lock (_gate)
            grace = _graces.GetValueOrDefault(name);
        if (Watch(id) is { } watch)
            return watch.Find(key, grace, out problem);
        problem = _ended.IsCancellationRequested
            ? $"the Secret {id} is not read: this process is not the leader"
            : $"the Secret {id} is not read: more than {MaxOfNamespace} Secrets are named in {id.Namespace}, "
                + $"or {Max} in total; use fewer Secrets";
        return null;
    }

    private SecretWatch? Watch(SecretLocation id)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(id, out var known))
                return known;
            if (_ended.IsCancellationRequested || (id != Own && !_named.Contains(id)))
                return null;
            var logger = loggers.CreateLogger<Informer<Secret>>();
            return _watches[id] = new SecretWatch(api, id, id == Own, () => Changed(id), time, random, logger, _ended);
        }
    }

    /// <summary>
    /// A new token of the operator triggers a try of all records; a token of an object triggers a try of its records
    /// only.
    /// </summary>
    private void Changed(SecretLocation id)
    {
        backoff.Forget(z => z.Credentials is { } name && Split(name).Id == id);
        trigger.Request(id == Own ? ReconcileReason.Credentials : ReconcileReason.Cluster);
    }

    private void Stop()
    {
        lock (_gate)
        {
            foreach (var (id, watch) in _watches.ToArray())
                End(id, watch);
            (_named, _graces) = ([], []);
        }
    }

    private void End(SecretLocation id, SecretWatch watch)
    {
        _watches.Remove(id);
        watch.Dispose();
    }

    private static (SecretLocation Id, string Key) Split(string name)
    {
        var (slash, hash) = (name.IndexOf('/', StringComparison.Ordinal), name.IndexOf('#', StringComparison.Ordinal));
        return (new(name[..slash], name[(slash + 1)..hash]), name[(hash + 1)..]);
    }
}
