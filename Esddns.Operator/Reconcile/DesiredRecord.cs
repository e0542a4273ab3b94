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

    /// <summary>Nothing is written; what would be is shown.</summary>
    ObserveOnly,
}

/// <summary>What becomes of our value when the host has no address of the family any more.</summary>
internal enum AbsencePolicy
{
    /// <summary>It stays.</summary>
    Preserve,

    /// <summary>It goes, while the other family shows that the internet can be reached.</summary>
    Remove,
}

/// <summary>An RRset that somebody wants to follow an address.</summary>
/// <param name="Fqdn">Its name.</param>
/// <param name="Zone">Its zone; null to find it among those of the account.</param>
/// <param name="Name">Its name within the zone; null with the zone.</param>
/// <param name="Type">Its type, and so the family it follows.</param>
/// <param name="Ttl">In seconds.</param>
/// <param name="Policy">What may be done to values that are not ours.</param>
internal sealed record DesiredRecord(
    Fqdn Fqdn,
    DomainName? Zone,
    OwnerName? Name,
    RecordType Type,
    int Ttl,
    RecordPolicy Policy
)
{
    /// <summary>Its identity.</summary>
    public RecordId Id => new(Fqdn, Type);

    /// <summary>What becomes of our value when the host has no address of the family any more.</summary>
    public AbsencePolicy WhenAbsent { get; init; }

    /// <summary>For AAAA: whose address it is, behind the agreed prefix; null for the host's own.</summary>
    public HostId? HostId { get; init; }

    /// <summary>What is known of the addresses that it follows; null when it follows the WAN address.</summary>
    public Evidence? Addresses { get; init; }

    /// <summary>Addresses that it holds besides the WAN address that this host sees.</summary>
    public AddressSet Also { get; init; } = AddressSet.Empty;

    /// <summary>Whether its addresses come from looking at the WAN, here or on other hosts.</summary>
    public bool FollowsWan { get; init; } = true;

    /// <summary>The name of the credentials to be used; null for those of the configuration.</summary>
    public string? Credentials { get; init; }

    /// <summary>Who wants it, in words.</summary>
    public string WantedBy { get; init; } = "the configuration";

    /// <summary>
    /// The values that are ours according to whoever wants it; believed when the state has no memory of the RRset.
    /// </summary>
    public AddressSet Published { get; init; } = AddressSet.Empty;

    /// <summary>The family of the addresses it holds.</summary>
    public IpFamily Family => Type.Family();
}
