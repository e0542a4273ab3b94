namespace Esddns.Simulator.LiveDns;

/// <summary>An RRset as it is stored.</summary>
internal sealed record SimRRset(string Name, string Type, int Ttl, string[] Values);

/// <summary>A zone: its RRsets, and a serial number that grows with each change.</summary>
internal sealed class SimZone(string fqdn)
{
    private readonly List<SimRRset> _rrsets = [];

    /// <summary>Its name.</summary>
    public string Fqdn { get; } = fqdn;

    /// <summary>The SOA serial.</summary>
    public uint Serial { get; private set; } = 1;

    /// <summary>All RRsets.</summary>
    public IReadOnlyList<SimRRset> RRsets => _rrsets;

    /// <summary>Its name servers.</summary>
    public IReadOnlyList<string> NameServers { get; } = ["ns-12-a.gandi.net", "ns-34-b.gandi.net", "ns-56-c.gandi.net"];

    /// <summary>A zone with what LiveDNS puts into a new one.</summary>
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

    /// <summary>The RRset in exactly this case of letters: that is how LiveDNS finds it.</summary>
    public SimRRset? Find(string name, string type) => _rrsets.Find(r => r.Name == name && r.Type == type);

    /// <summary>The RRset in any case of letters: that is how DNS finds it.</summary>
    public SimRRset? FindAnyCase(string name, string type) =>
        _rrsets.Find(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && r.Type == type);

    /// <summary>Whether anything is at the name.</summary>
    public bool Has(string name) => _rrsets.Exists(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Stores an RRset in place of the one with its name and type.</summary>
    public void Put(SimRRset rrset)
    {
        _rrsets.RemoveAll(r => r.Name == rrset.Name && r.Type == rrset.Type);
        _rrsets.Add(rrset);
        Serial++;
    }

    /// <summary>Removes what <paramref name="which"/> picks.</summary>
    public int Remove(Predicate<SimRRset> which)
    {
        Serial++;
        return _rrsets.RemoveAll(which);
    }
}
