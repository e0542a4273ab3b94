using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery.Interfaces;

/// <summary>
/// The IPv6 addresses of the host. A host uses a temporary address for outgoing connections, so sources report that
/// address. The address to publish is the stable one of the same subnet.
/// </summary>
internal class HostAddresses
{
    private const string Table = "/proc/net/if_inet6";

    /// <summary>
    /// The kernel flags of an address that is not stable: temporary, duplicate, deprecated, tentative.
    /// </summary>
    private const int UnstableFlags = 0x01 | 0x08 | 0x20 | 0x40;

    /// <summary>Raised when the addresses of the host change.</summary>
    public virtual event NetworkAddressChangedEventHandler? Changed
    {
        add => NetworkChange.NetworkAddressChanged += value;
        remove => NetworkChange.NetworkAddressChanged -= value;
    }

    /// <summary>
    /// The addresses in the kernel table; null when the table cannot be read, which differs from an empty table.
    /// </summary>
    public virtual IReadOnlyList<HostAddress>? Current
    {
        get
        {
            try
            {
                return File.Exists(Table) ? Parse(File.ReadAllLines(Table)) : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// Whether the host certainly has no address of the family that <paramref name="isReachable"/> accepts. For IPv4 it
    /// is always false, because address translation may provide one.
    /// </summary>
    public virtual bool HasNone(IpFamily family, Func<IPAddress, bool> isReachable) =>
        family == IpFamily.IPv6 && Current is { } all && !all.Any(a => isReachable(a.Address));

    /// <summary>
    /// Parses the kernel table, which has one address per line: address, interface, prefix length, scope, flags
    /// (IFA_F_*), all in hexadecimal, and the interface name. Other lines are ignored.
    /// <code>20010db8000000010000000000000010 02 40 00 80     eth0</code>
    /// </summary>
    public static IReadOnlyList<HostAddress> Parse(IEnumerable<string> lines)
    {
        var addresses = new List<HostAddress>();
        foreach (var line in lines)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is not [{ Length: 32 } address, _, var length, "00", var flagsText, ..])
                continue;
            if (!UInt128.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
                continue;
            if (
                !byte.TryParse(length, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var prefix)
                || prefix > 128
            )
                continue;
            if (!int.TryParse(flagsText, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var flags))
                continue;
            addresses.Add(new HostAddress(IpBits.ToIPv6(bits), prefix, (flags & UnstableFlags) == 0));
        }

        return addresses;
    }

    /// <summary>
    /// The address to publish when sources report <paramref name="seen"/>: the stable address of the same subnet when
    /// <paramref name="seen"/> is a non-permanent address of this host, else <paramref name="seen"/>.
    /// </summary>
    public IPAddress StableFor(IPAddress seen)
    {
        var all = Current ?? [];
        var own = all.FirstOrDefault(a => a.Address.Equals(seen));
        if (own is not { IsStable: false, PrefixLength: var length })
            return seen;
        var subnet = new IPNetwork(IpBits.Join(seen, IPAddress.IPv6Any, length), length);
        return all.FirstOrDefault(a => a.IsStable && subnet.Covers(a.Address))?.Address ?? seen;
    }
}
