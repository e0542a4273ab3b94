using System.Security.Cryptography;
using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Update;

/// <summary>
/// The update of one RRset (RFC 2136): the zone, what must hold before, what is to be done. The server does all of it or nothing.
/// </summary>
internal static class UpdateMessage
{
    private const byte OpCodeUpdate = 5 << 3;

    /// <summary>Replaces <paramref name="before"/> by <paramref name="after"/>, provided that <paramref name="before"/> is still there.</summary>
    public static byte[] Write(RRset? before, RRset after)
    {
        var owner = DnsName.Write(after.Key.Fqdn.ToString());
        var type = after.Key.Type == RecordType.A ? DnsType.A : DnsType.AAAA;
        byte[][] prerequisites = before is { Values.Count: > 0 }
            // Section 2.4.2: the RRset exists with exactly these values.
            ? [.. before.Values.Select(v => Record(owner, type, DnsClass.IN, 0, v.GetAddressBytes()))]
            // Section 2.4.3: it does not exist.
            : [Record(owner, type, DnsClass.NONE, 0, [])];
        byte[][] updates =
        [
            // Section 2.5.2: delete the RRset, then section 2.5.1: add to it.
            Record(owner, type, DnsClass.ANY, 0, []),
            .. after.Values.Select(v => Record(owner, type, DnsClass.IN, (uint)after.Ttl, v.GetAddressBytes())),
        ];
        return
        [
            .. RandomNumberGenerator.GetBytes(2), OpCodeUpdate, 0,
            0, 1, .. Number((ushort)prerequisites.Length), .. Number((ushort)updates.Length), 0, 0,
            .. DnsName.Write(after.Key.Zone.ToString()), 0, (byte)DnsType.SOA, 0, (byte)DnsClass.IN,
            .. prerequisites.SelectMany(r => r), .. updates.SelectMany(r => r),
        ];
    }

    private static byte[] Record(byte[] owner, DnsType type, DnsClass @class, uint ttl, byte[] data) =>
        [.. owner, .. Number((ushort)type), .. Number((ushort)@class), .. Number((ushort)(ttl >> 16)), .. Number((ushort)ttl), .. Number((ushort)data.Length), .. data];

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];
}
