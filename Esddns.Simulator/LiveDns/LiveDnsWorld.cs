using System.Collections.Immutable;

namespace Esddns.Simulator.LiveDns;

/// <summary>All accounts, zones and records. Each access must hold <see cref="Gate"/>.</summary>
internal sealed class LiveDnsWorld
{
    private readonly string _token;

    /// <summary>Creates two accounts: the first with three zones, the second with one.</summary>
    public LiveDnsWorld(string token)
    {
        _token = token;
        Reset();
    }

    /// <summary>Guards accounts, zones and records.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The accounts.</summary>
    public List<SimAccount> Accounts { get; } = [];

    /// <summary>The account of the default token.</summary>
    public SimAccount Main => Accounts[0];

    /// <summary>Restores the initial accounts, zones and records.</summary>
    public void Reset()
    {
        lock (Gate)
        {
            Accounts.Clear();
            var main = new SimAccount("main");
            main.Tokens.Add(new SimToken("main", _token));
            main.Tokens.Add(new SimToken("main-key", "abcdefghijklmnopqrstuvwx"));
            foreach (var zone in new[] { "example.com", "example.co.uk", "example.dev" })
                main.Zones.Add(SimZone.New(zone));
            var other = new SimAccount("other");
            other.Tokens.Add(new SimToken("other", "other-token"));
            other.Zones.Add(SimZone.New("example.net"));
            Accounts.AddRange([main, other]);
        }
    }

    /// <summary>Finds a zone of any account.</summary>
    public SimZone? Zone(string fqdn) =>
        Accounts.SelectMany(a => a.Zones).FirstOrDefault(z => z.Fqdn.Equals(fqdn, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether any account has this zone.</summary>
    public bool Has(string zone)
    {
        lock (Gate)
            return Zone(zone) is not null;
    }

    /// <summary>The values of an RRset, for tests; null if the RRset does not exist.</summary>
    public string[]? Values(string zone, string name, string type)
    {
        lock (Gate)
            return Zone(zone)?.Find(name, type)?.Values;
    }

    /// <summary>All RRsets of a zone, for <see cref="Restore"/>.</summary>
    public ImmutableArray<SimRRset> Snapshot(string zone)
    {
        lock (Gate)
            return Zone(zone)!.RRsets;
    }

    /// <summary>
    /// Restores the RRsets from <see cref="Snapshot"/> as one change, as an edit in the web interface does.
    /// </summary>
    public void Restore(string zone, ImmutableArray<SimRRset> rrsets)
    {
        lock (Gate)
            Zone(zone)!.RRsets = rrsets;
    }

    /// <summary>Sets an RRset, as an edit in the web interface does.</summary>
    public void Set(string zone, string name, string type, int ttl, params string[] values)
    {
        lock (Gate)
            Zone(zone)!.Put(new SimRRset(name, type, ttl, values));
    }
}
