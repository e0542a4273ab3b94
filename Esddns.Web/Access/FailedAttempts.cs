using System.Net;
using System.Net.Sockets;

namespace Esddns.Web.Access;

/// <summary>
/// Limits the attempts to guess credentials: ten wrong ones a minute from one address. Its memory is bounded; when too
/// many addresses fail at once, all further ones share one limit.
/// </summary>
internal sealed class FailedAttempts(TimeProvider time)
{
    /// <summary>The maximum number of wrong attempts of an address in one window.</summary>
    public const int MaxFailures = 10;

    /// <summary>The maximum number of addresses that are counted by themselves.</summary>
    public const int MaxAddresses = 4096;

    /// <summary>The time after which the attempts of an address are forgotten.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Attempts> _attempts = [];

    /// <summary>The time that an address has to wait before its next attempt; null when it need not.</summary>
    public TimeSpan? WaitOf(IPAddress? address)
    {
        lock (_gate)
        {
            var known = _attempts.GetValueOrDefault(Own(KeyOf(address)));
            if (known.Count < MaxFailures)
                return null;
            var age = time.GetElapsedTime(known.Began);
            return age < Window ? Window - age : null;
        }
    }

    /// <summary>Counts a wrong attempt.</summary>
    /// <returns>The time for which the address is refused from now on; null when it may try again.</returns>
    public TimeSpan? Add(IPAddress? address)
    {
        lock (_gate)
        {
            var key = Own(KeyOf(address));
            var known = _attempts.GetValueOrDefault(key);
            if (known.Count == 0 || time.GetElapsedTime(known.Began) >= Window)
                known = new Attempts(0, time.GetTimestamp());
            _attempts[key] = known with { Count = known.Count + 1 };
            return known.Count + 1 == MaxFailures ? Window - time.GetElapsedTime(known.Began) : null;
        }
    }

    /// <summary>The key of an address in the table; the shared one while the table is full.</summary>
    private IPAddress Own(IPAddress key)
    {
        if (_attempts.Count < MaxAddresses || _attempts.ContainsKey(key))
            return key;
        foreach (var (old, known) in _attempts)
            if (time.GetElapsedTime(known.Began) >= Window)
                _attempts.Remove(old);
        return _attempts.Count < MaxAddresses ? key : IPAddress.None;
    }

    /// <summary>An IPv6 host has a whole network of 64 bits.</summary>
    private static IPAddress KeyOf(IPAddress? address)
    {
        if (address?.AddressFamily != AddressFamily.InterNetworkV6)
            return address ?? IPAddress.None;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private readonly record struct Attempts(int Count, long Began);
}
