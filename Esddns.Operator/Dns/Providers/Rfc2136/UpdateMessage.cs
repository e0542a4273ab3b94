using System.Security.Cryptography;
using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>
/// Builds messages of dynamic update (RFC 2136): zone, prerequisites, updates. The server applies all updates or none.
/// A message without updates only checks its prerequisites. It tests the stored records of the zone, while the response
/// of a query may come from wildcards or aliases.
/// </summary>
internal static class UpdateMessage
{
    private const byte OpCodeUpdate = 5 << 3;

    /// <summary>
    /// Replaces <paramref name="before"/> by <paramref name="after"/>. Prerequisites: <paramref name="before"/> is
    /// unchanged, and the name has no CNAME record.
    /// </summary>
    public static byte[] Replace(RRset? before, RRset after)
    {
        var (owner, type) = (Owner(after.Key), after.Key.Type.ToDns());
        return Write(
            after.Key.Zone,
            [
                .. before is { Values.Count: > 0 } ? Exactly(before) : [Missing(after.Key, type)],
                Missing(after.Key, DnsType.CNAME),
            ],
            [
                // Section 2.5.2: delete the RRset, then section 2.5.1: add to it.
                Record(owner, type, DnsClass.ANY, 0, []),
                .. after.Values.Select(v => Record(owner, type, DnsClass.IN, (uint)after.Ttl, v.GetAddressBytes())),
            ]
        );
    }

    /// <summary>Checks whether the zone stores exactly these values, with any TTL.</summary>
    public static byte[] IsExactly(RRset rrset) => Write(rrset.Key.Zone, Exactly(rrset), []);

    /// <summary>Checks whether the zone stores no RRset of this type at the name.</summary>
    public static byte[] IsMissing(RecordKey key, DnsType type) => Write(key.Zone, [Missing(key, type)], []);

    /// <summary>Section 2.4.2: the RRset exists with exactly these values.</summary>
    private static byte[][] Exactly(RRset rrset) =>
        [
            .. rrset.Values.Select(v =>
                Record(Owner(rrset.Key), rrset.Key.Type.ToDns(), DnsClass.IN, 0, v.GetAddressBytes())
            ),
        ];

    /// <summary>Section 2.4.3: the RRset does not exist.</summary>
    private static byte[] Missing(RecordKey key, DnsType type) => Record(Owner(key), type, DnsClass.NONE, 0, []);

    private static byte[] Owner(RecordKey key) => DnsName.Write(key.Fqdn.ToString());

    private static byte[] Write(DomainName zone, byte[][] prerequisites, byte[][] updates) =>
        [
            .. RandomNumberGenerator.GetBytes(2),
            OpCodeUpdate,
            0,
            0,
            1,
            .. Number((ushort)prerequisites.Length),
            .. Number((ushort)updates.Length),
            0,
            0,
            .. DnsName.Write(zone.ToString()),
            0,
            (byte)DnsType.SOA,
            0,
            (byte)DnsClass.IN,
            .. prerequisites.SelectMany(r => r),
            .. updates.SelectMany(r => r),
        ];

    private static byte[] Record(byte[] owner, DnsType type, DnsClass @class, uint ttl, byte[] data) =>
        [
            .. owner,
            .. Number((ushort)type),
            .. Number((ushort)@class),
            .. Number((ushort)(ttl >> 16)),
            .. Number((ushort)ttl),
            .. Number((ushort)data.Length),
            .. data,
        ];

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];
}
