using System.Collections.Immutable;
using Esddns.Simulator.Faults;

namespace Esddns.Simulator.LiveDns;

/// <summary>A zone: its RRsets, and a serial number that each change increments.</summary>
internal sealed class SimZone(string fqdn)
{
    private readonly Queue<ImmutableArray<SimRRset>> _earlier = [];

    /// <summary>The name of the zone.</summary>
    public string Fqdn { get; } = fqdn;

    /// <summary>The SOA serial.</summary>
    public uint Serial { get; private set; } = 1;

    /// <summary>All RRsets. Setting them counts as one change.</summary>
    public ImmutableArray<SimRRset> RRsets
    {
        get;
        set
        {
            if (_earlier.Count == Fault.MaxLag)
                _earlier.Dequeue();
            _earlier.Enqueue(field);
            field = value;
            Serial++;
        }
    } = [];

    /// <summary>The name servers of the zone.</summary>
    public IReadOnlyList<string> NameServers { get; } = ["ns-12-a.gandi.net", "ns-34-b.gandi.net", "ns-56-c.gandi.net"];

    /// <summary>Creates a zone with the records that LiveDNS adds to a new one.</summary>
    public static SimZone New(string fqdn)
    {
        var zone = new SimZone(fqdn);
        zone.Put(new SimRRset("@", "MX", 10800, ["10 spool.mail.gandi.net.", "50 fb.mail.gandi.net."]));
        zone.Put(new SimRRset("@", "TXT", 10800, ["\"v=spf1 include:_mailcust.gandi.net ?all\""]));
        zone.Put(new SimRRset("@", "A", 10800, ["192.0.2.80"]));
        zone.Put(new SimRRset("webmail", "CNAME", 10800, ["webmail.gandi.net."]));
        zone.Put(new SimRRset("www", "CNAME", 10800, ["webredir.vip.gandi.net."]));
        return zone;
    }

    /// <summary>
    /// A copy of the zone as of <paramref name="changes"/> changes ago, or of the oldest version kept.
    /// </summary>
    public SimZone AsOf(int changes) =>
        new(Fqdn)
        {
            RRsets = _earlier.Append(RRsets).ElementAt(Math.Max(_earlier.Count - changes, 0)),
            Serial = Serial,
        };

    /// <summary>Finds an RRset by its name, case-sensitive as in LiveDNS.</summary>
    public SimRRset? Find(string name, string type) => RRsets.FirstOrDefault(r => r.Name == name && r.Type == type);

    /// <summary>Finds an RRset by its name, case-insensitive as in DNS.</summary>
    public SimRRset? FindAnyCase(string name, string type) =>
        RRsets.FirstOrDefault(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && r.Type == type);

    /// <summary>Whether the name has any RRset.</summary>
    public bool Has(string name) => RRsets.Any(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Stores an RRset and replaces one with the same name and type.</summary>
    public void Put(SimRRset rrset) =>
        RRsets = [.. RRsets.Where(r => r.Name != rrset.Name || r.Type != rrset.Type), rrset];

    /// <summary>Removes the RRsets that match <paramref name="which"/>.</summary>
    /// <returns>The number of removed RRsets; with 0, the zone is unchanged.</returns>
    public int Remove(Predicate<SimRRset> which)
    {
        var rest = RRsets.RemoveAll(which);
        var removed = RRsets.Length - rest.Length;
        if (removed > 0)
            RRsets = rest;
        return removed;
    }
}
