using System.Collections.Immutable;

namespace Esddns.Simulator.LiveDns;

/// <summary>A token of an account.</summary>
/// <param name="Name">What the request log calls it.</param>
/// <param name="Secret">What a client sends.</param>
internal sealed record SimToken(string Name, string Secret)
{
    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>Whether it has "Manage domain name technical configurations".</summary>
    public bool MayManageDns { get; set; } = true;

    /// <summary>
    /// Whether it is a classic API key: accepted with <c>Apikey</c> only, as a personal access token is with
    /// <c>Bearer</c>.
    /// </summary>
    public bool IsApikey => Secret.Length == 24;
}

/// <summary>An organization with its zones and tokens.</summary>
internal sealed class SimAccount(string name)
{
    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>Its tokens.</summary>
    public List<SimToken> Tokens { get; } = [];

    /// <summary>Its zones.</summary>
    public List<SimZone> Zones { get; } = [];
}

/// <summary>All accounts. Every access holds <see cref="Gate"/>.</summary>
internal sealed class LiveDnsWorld
{
    private readonly string _token;

    /// <summary>A world with one account that has three zones, and another with one.</summary>
    public LiveDnsWorld(string token)
    {
        _token = token;
        Reset();
    }

    /// <summary>Guards accounts, zones and records.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The accounts.</summary>
    public List<SimAccount> Accounts { get; } = [];

    /// <summary>The account that the default token belongs to.</summary>
    public SimAccount Main => Accounts[0];

    /// <summary>The world as it was at the start.</summary>
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

    /// <summary>A zone of any account.</summary>
    public SimZone? Zone(string fqdn) =>
        Accounts.SelectMany(a => a.Zones).FirstOrDefault(z => z.Fqdn.Equals(fqdn, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether any account has this zone.</summary>
    public bool Has(string zone)
    {
        lock (Gate)
            return Zone(zone) is not null;
    }

    /// <summary>The values of an RRset, for tests; null when there is none.</summary>
    public string[]? Values(string zone, string name, string type)
    {
        lock (Gate)
            return Zone(zone)?.Find(name, type)?.Values;
    }

    /// <summary>All RRsets of a zone, to be given to <see cref="Restore"/> later.</summary>
    public ImmutableArray<SimRRset> Snapshot(string zone)
    {
        lock (Gate)
            return Zone(zone)!.RRsets;
    }

    /// <summary>
    /// Brings back what <see cref="Snapshot"/> gave, as somebody at the web interface would; one change.
    /// </summary>
    public void Restore(string zone, ImmutableArray<SimRRset> rrsets)
    {
        lock (Gate)
            Zone(zone)!.RRsets = rrsets;
    }

    /// <summary>Sets an RRset as somebody at the web interface would.</summary>
    public void Set(string zone, string name, string type, int ttl, params string[] values)
    {
        lock (Gate)
            Zone(zone)!.Put(new SimRRset(name, type, ttl, values));
    }
}
