using System.Net;
using Esddns.Operator.Net;

namespace Esddns.Operator.Reconcile.Addresses;

/// <summary>Measures the time from the first observation of a new address until the record is updated.</summary>
internal sealed class ConvergenceClock(TimeProvider time)
{
    private readonly Dictionary<IpFamily, long> _since = [];
    private readonly Lock _gate = new();

    /// <summary>
    /// Records that a source reported <paramref name="address"/> while <paramref name="known"/> was the agreed address.
    /// </summary>
    public void Observed(IpFamily family, IPAddress address, IPAddress? known)
    {
        if (address.Equals(known))
            return;
        lock (_gate)
            _since.TryAdd(family, time.GetTimestamp());
    }

    /// <summary>The time since the first differing observation; null when there was none.</summary>
    public TimeSpan? Elapsed(IpFamily family)
    {
        lock (_gate)
            return _since.TryGetValue(family, out var since) ? time.GetElapsedTime(since) : null;
    }

    /// <summary>Stops the measurement: all records are up to date, or the differing observation was wrong.</summary>
    public void Settled(IpFamily family)
    {
        lock (_gate)
            _since.Remove(family);
    }
}
