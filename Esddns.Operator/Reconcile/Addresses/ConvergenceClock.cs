using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Net;

namespace Esddns.Operator.Reconcile.Addresses;

/// <summary>
/// Measures the time from the first observation of a new address until a record has it. Each address has a time of its
/// own, so that a record that fails for long does not lengthen the later changes of others.
/// </summary>
internal sealed class ConvergenceClock(TimeProvider time)
{
    /// <summary>
    /// The maximum number of addresses between two agreements: a source may report a new one each time.
    /// </summary>
    private const int MaxAddresses = 16;

    private readonly Dictionary<IPAddress, long> _since = [];
    private readonly Lock _gate = new();

    /// <summary>
    /// Records that a source reported <paramref name="address"/> while <paramref name="known"/> was the agreed address.
    /// </summary>
    public void Observed(IPAddress address, IPAddress? known)
    {
        if (address.Equals(known))
            return;
        lock (_gate)
            if (_since.Count < MaxAddresses)
                _since.TryAdd(address, time.GetTimestamp());
    }

    /// <summary>
    /// The time since the first observation of an address that differed from the agreed one; null when there was none.
    /// </summary>
    public TimeSpan? Elapsed(IPAddress? address)
    {
        lock (_gate)
            return address is not null && _since.TryGetValue(address, out var since)
                ? time.GetElapsedTime(since)
                : null;
    }

    /// <summary>
    /// The time since the first observation of an address of the family that no record has yet; zero when none.
    /// </summary>
    public TimeSpan Pending(IpFamily family)
    {
        var longest = TimeSpan.Zero;
        lock (_gate)
            foreach (var (address, since) in _since)
                if (family.Includes(address) && time.GetElapsedTime(since) is var elapsed && elapsed > longest)
                    longest = elapsed;
        return longest;
    }

    /// <summary>Forgets the observations of other addresses than the agreed one: they were wrong.</summary>
    public void Agreed(IPAddress address) => Forget(address.AddressFamily, kept: address);

    /// <summary>Ends the measurement of the agreed address: all records are up to date.</summary>
    public void Settled(IPAddress address) => Forget(address.AddressFamily, kept: null);

    private void Forget(AddressFamily family, IPAddress? kept)
    {
        lock (_gate)
            foreach (var address in _since.Keys)
                if (address.AddressFamily == family && !address.Equals(kept))
                    _since.Remove(address);
    }
}
