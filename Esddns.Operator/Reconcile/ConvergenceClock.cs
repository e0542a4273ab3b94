using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Measures from the first observation that differs from what is published until the record is right.
/// </summary>
internal sealed class ConvergenceClock(TimeProvider time)
{
    private readonly Dictionary<IpFamily, long> _since = [];
    private readonly Lock _gate = new();

    /// <summary>Somebody saw <paramref name="address"/> while <paramref name="known"/> was believed.</summary>
    public void Saw(IpFamily family, IPAddress address, IPAddress? known)
    {
        if (address.Equals(known))
            return;
        lock (_gate)
            _since.TryAdd(family, time.GetTimestamp());
    }

    /// <summary>Time since then; null when nothing differed.</summary>
    public TimeSpan? Elapsed(IpFamily family)
    {
        lock (_gate)
            return _since.TryGetValue(family, out var since) ? time.GetElapsedTime(since) : null;
    }

    /// <summary>All records are right, or the difference was a mistake.</summary>
    public void Settled(IpFamily family)
    {
        lock (_gate)
            _since.Remove(family);
    }
}
