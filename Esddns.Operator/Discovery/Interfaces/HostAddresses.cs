using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery.Interfaces;

/// <summary>An IPv6 address of the host.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">How many of its bits are the subnet's.</param>
/// <param name="IsStable">Whether it will be there tomorrow: not temporary (RFC 8981), deprecated, tentative or a
/// duplicate.</param>
internal sealed record HostAddress(IPAddress Address, int PrefixLength, bool IsStable);

/// <summary>
/// The host's own IPv6 addresses. A host speaks from a temporary address, and so that is what the outside sees; the one
/// to publish is the stable one of its subnet.
/// </summary>
internal class HostAddresses
{
    private const string Table = "/proc/net/if_inet6";

    /// <summary>Of the kernel's flags: temporary, duplicate, deprecated, tentative.</summary>
    private const int NotStable = 0x01 | 0x08 | 0x20 | 0x40;

    /// <summary>Raised when the host's own addresses change.</summary>
    public virtual event NetworkAddressChangedEventHandler? Changed
    {
        add => NetworkChange.NetworkAddressChanged += value;
        remove => NetworkChange.NetworkAddressChanged -= value;
    }

    /// <summary>What the kernel has; null where that cannot be learned, which is not the same as none.</summary>
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
    /// Whether the host is known to have no address of the family that <paramref name="isReachable"/> accepts. For IPv4
    /// that is never known: translation may provide one.
    /// </summary>
    public virtual bool HasNone(IpFamily family, Func<IPAddress, bool> isReachable) =>
        family == IpFamily.IPv6 && Current is { } all && !all.Any(a => isReachable(a.Address));

    /// <summary>
    /// Reads the kernel's table, a line an address: address, interface, prefix length, scope, flags (IFA_F_*), all in
    /// hexadecimal, and the interface's name. Lines that are anything else are passed over.
    /// <code>20010db8000000010000000000000010 02 40 00 80     eth0</code>
    /// </summary>
    public static IReadOnlyList<HostAddress> Parse(IEnumerable<string> lines)
    {
        var addresses = new List<HostAddress>();
        foreach (var line in lines)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is not [{ Length: 32 } address, _, var length, "00", var flags, ..])
                continue;
            if (!UInt128.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
                continue;
            if (
                !byte.TryParse(length, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var prefix)
                || prefix > 128
            )
                continue;
            if (!int.TryParse(flags, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var flag))
                continue;
            addresses.Add(new HostAddress(IpBits.ToIPv6(bits), prefix, (flag & NotStable) == 0));
        }

        return addresses;
    }

    /// <summary>
    /// The address to publish when the outside sees <paramref name="seen"/>: itself, unless it is one of ours that will
    /// not last.
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
