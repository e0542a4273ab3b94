using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile;

/// <summary>What may be done to values in an RRset that are not ours.</summary>
internal enum RecordPolicy
{
    /// <summary>They are kept beside ours; on first contact with several of them, nothing is written.</summary>
    Merge,

    /// <summary>The RRset belongs to us: whatever else is in it goes.</summary>
    Replace,
}

/// <summary>What becomes of our value when the host has no address of the family any more.</summary>
internal enum AbsencePolicy
{
    /// <summary>It stays.</summary>
    Preserve,

    /// <summary>It goes, while the other family shows that the internet can be reached.</summary>
    Remove,
}

/// <summary>An RRset that somebody wants to follow the WAN address.</summary>
/// <param name="Fqdn">Its name.</param>
/// <param name="Zone">Its zone; null to find it among those of the account.</param>
/// <param name="Name">Its name within the zone; null with the zone.</param>
/// <param name="Type">Its type, and so the family it follows.</param>
/// <param name="Ttl">In seconds.</param>
/// <param name="Policy">What may be done to values that are not ours.</param>
internal sealed record DesiredRecord(string Fqdn, DomainName? Zone, OwnerName? Name, RecordType Type, int Ttl, RecordPolicy Policy)
{
    /// <summary>What becomes of our value when the host has no address of the family any more.</summary>
    public AbsencePolicy WhenAbsent { get; init; }

    /// <summary>For AAAA: whose address it is, behind the agreed prefix; null for the host's own.</summary>
    public HostId? HostId { get; init; }

    /// <summary>The family of the addresses it holds.</summary>
    public IpFamily Family => Type == RecordType.A ? IpFamily.IPv4 : IpFamily.IPv6;
}

/// <summary>Where the wishes come from.</summary>
internal interface IDesiredRecords
{
    /// <summary>All records wanted at this moment.</summary>
    IReadOnlyList<DesiredRecord> Current { get; }
}

/// <summary>The records of the configuration.</summary>
internal sealed record ConfiguredRecords(IReadOnlyList<DesiredRecord> Current) : IDesiredRecords;
