using System.Collections.Concurrent;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile.Retries;

namespace Esddns.Operator.Kubernetes.Status;

/// <summary>
/// Decides when a failed write of an object may be retried. A failure delays its object only. When the write is
/// forbidden for a second object of the namespace, it is probably forbidden for all of them, and the namespace waits. A
/// rule of the API server may also forbid it for one object.
/// </summary>
internal sealed class ObjectBackoff(RetryDelay delay, TimeProvider time)
{
    /// <summary>The failures by the uid of an object or the name of a namespace.</summary>
    private readonly Backoff<(string Key, ObjectWriteKind Write)> _backoff = new(delay, time);

    /// <summary>By namespace, the first object with a forbidden write since the last success.</summary>
    private readonly ConcurrentDictionary<(string Namespace, ObjectWriteKind Write), string> _forbidden = new();

    /// <summary>Whether the object may be written now.</summary>
    public bool MayTry(KubernetesObject item, ObjectWriteKind write) =>
        _backoff.MayTry((item.Uid, write), false) && _backoff.MayTry((item.Namespace, write), false);

    /// <summary>Records a successful write.</summary>
    public void Succeeded(KubernetesObject item, ObjectWriteKind write)
    {
        _backoff.Succeeded((item.Uid, write));
        _backoff.Succeeded((item.Namespace, write));
        _forbidden.TryRemove((item.Namespace, write), out _);
    }

    /// <summary>Records a failed write.</summary>
    public void Failed(KubernetesObject item, ObjectWriteKind write, bool isForbidden)
    {
        _backoff.Failed((item.Uid, write));
        if (isForbidden && _forbidden.GetOrAdd((item.Namespace, write), item.Uid) != item.Uid)
            _backoff.Failed((item.Namespace, write));
    }

    /// <summary>Forgets the failures of other objects.</summary>
    public void RetainOnly(IReadOnlyCollection<KubernetesObject> objects)
    {
        if (objects.Count == 0)
            _forbidden.Clear();
        _backoff.RetainOnly(
            objects
                .SelectMany(o => new[] { o.Uid, o.Namespace })
                .SelectMany(k => new[] { (k, ObjectWriteKind.Status), (k, ObjectWriteKind.Finalizers) })
                .ToHashSet()
        );
    }
}
