using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Desired;

/// <summary>A record that follows an address: the desired RRset.</summary>
/// <param name="Fqdn">The FQDN.</param>
/// <param name="Zone">The zone; null to find it in the zones of the account.</param>
/// <param name="Name">The owner name; null when the zone is null.</param>
/// <param name="Type">The type, which determines the address family.</param>
/// <param name="Ttl">The TTL in seconds.</param>
/// <param name="Policy">How to treat foreign values.</param>
internal sealed record DesiredRecord(
    Fqdn Fqdn,
    DomainName? Zone,
    OwnerName? Name,
    RecordType Type,
    int Ttl,
    RecordPolicy Policy
)
{
    /// <summary>The identity of the record.</summary>
    public RecordId Id => new(Fqdn, Type);

    /// <summary>What happens to our value when the host no longer has an address of the family.</summary>
    public AbsencePolicy WhenAbsent { get; init; }

    /// <summary>
    /// For AAAA: the host identifier that is appended to the agreed prefix; null for the address of this host.
    /// </summary>
    public HostId? HostId { get; init; }

    /// <summary>The evidence for the addresses that the record follows; null when it follows the WAN address.</summary>
    public Evidence? Addresses { get; init; }

    /// <summary>Additional addresses besides the WAN address of this host.</summary>
    public AddressSet Also { get; init; } = AddressSet.Empty;

    /// <summary>Whether its addresses come from observations of the WAN address, on this or other hosts.</summary>
    public bool FollowsWan { get; init; } = true;

    /// <summary>The name of the credentials; null for those of the configuration.</summary>
    public string? Credentials { get; init; }

    /// <summary>The origin of the record, for messages.</summary>
    public string WantedBy { get; init; } = "the configuration";

    /// <summary>
    /// The state of the RRset according to the object that requests it. It is used only when the snapshot has no entry
    /// for the RRset.
    /// </summary>
    public RecordState? Earlier { get; init; }

    /// <summary>The address family.</summary>
    public IpFamily Family => Type.Family();
}
