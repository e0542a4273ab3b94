using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;

namespace Esddns.Operator.Dns.Gandi;

/// <summary>
/// Gandi LiveDNS (<see href="https://api.gandi.net/docs/livedns/"/>). Only single RRsets are written: the calls that replace a
/// whole name or zone are never used.
/// </summary>
internal sealed class LiveDnsProvider(LiveDnsClient client) : IDnsProvider
{
    private const int PageSize = 500;

    /// <inheritdoc/>
    public async Task<Answer<IReadOnlyCollection<DomainName>>> ZonesAsync(CancellationToken cancellationToken) =>
        await ListAsync($"domains?per_page={PageSize}", LiveDnsJson.Default.LiveDnsDomainArray, cancellationToken) switch
        {
            Answer<List<LiveDnsDomain>>.Known(var domains) => new Answer<IReadOnlyCollection<DomainName>>.Known(
                [.. domains.Select(d => DomainName.TryParse(d.Fqdn, null, out var name) ? name : null).OfType<DomainName>()]),
            Answer<List<LiveDnsDomain>>.Unavailable(var fault) => new Answer<IReadOnlyCollection<DomainName>>.Unavailable(fault),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <inheritdoc/>
    public async Task<Answer<IReadOnlyDictionary<RecordKey, RRset>>> ReadAsync(
        DomainName zone, IReadOnlyCollection<RecordKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 1)
        {
            var key = keys.First();
            var reply = await client.GetAsync(Path(key), cancellationToken);
            if (reply.IsSuccess)
            {
                return reply.TryRead(LiveDnsJson.Default.LiveDnsRRset) is { } one && TryRead(one, zone, out var rrset) && rrset.Key.Equals(key)
                    ? Known([rrset])
                    : Unavailable(reply.Unreadable($"GET {key}"));
            }

            // No such record in this case of letters: the list below tells whether there is one in another.
            if (!reply.SaysNoSuchRecord) return Unavailable(reply.Fault($"GET {key}"));
        }

        var listed = await ListAsync($"domains/{zone}/records?per_page={PageSize}", LiveDnsJson.Default.LiveDnsRRsetArray, cancellationToken);
        if (listed is Answer<List<LiveDnsRRset>>.Unavailable(var fault)) return Unavailable(fault);
        var found = new List<RRset>();
        foreach (var item in ((Answer<List<LiveDnsRRset>>.Known)listed).Value.Where(i => IsAsked(i, zone, keys)))
        {
            if (!TryRead(item, zone, out var rrset))
                return Unavailable(new(FaultKind.Transient, "unreadable", $"GET {zone} records: {item.Name} {item.Type} cannot be understood"));
            found.Add(rrset);
        }

        return Known(found);
    }

    /// <inheritdoc/>
    public async Task<Answer<RRset>> WriteAsync(RRset rrset, RRset? observed, CancellationToken cancellationToken)
    {
        if (rrset.Ttl is < LiveDnsOptions.MinTtl or > LiveDnsOptions.MaxTtl)
        {
            return new Answer<RRset>.Unavailable(new(FaultKind.Definitive, "rejected",
                $"PUT {rrset.Key}: LiveDNS takes a TTL of {LiveDnsOptions.MinTtl} to {LiveDnsOptions.MaxTtl} seconds, not {rrset.Ttl}"));
        }

        if (rrset.Values.Count == 0)
        {
            var deleted = await client.DeleteAsync(Path(rrset.Key), cancellationToken);
            return deleted.Status == HttpStatusCode.NoContent || deleted.SaysNoSuchRecord
                ? new Answer<RRset>.Known(rrset with { Href = null })
                : new Answer<RRset>.Unavailable(deleted.IsSuccess ? deleted.Unreadable($"DELETE {rrset.Key}") with { Unconfirmed = true } : deleted.Fault($"DELETE {rrset.Key}"));
        }

        var update = new LiveDnsUpdate(rrset.Ttl, [.. rrset.Values.Select(v => v.ToString())]);
        var reply = await client.PutAsync(Path(rrset.Key), update, cancellationToken);
        if (reply.IsConfirmed) return new Answer<RRset>.Known(rrset with { Href = rrset.Href ?? client.Href(Path(rrset.Key)) });
        return new Answer<RRset>.Unavailable(reply.IsSuccess ? reply.Unreadable($"PUT {rrset.Key}") with { Unconfirmed = true } : reply.Fault($"PUT {rrset.Key}"));
    }

    private async Task<Answer<List<T>>> ListAsync<T>(string path, JsonTypeInfo<T[]> type, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        var reply = await client.GetAsync(path, cancellationToken);
        while (true)
        {
            if (!reply.IsSuccess) return new Answer<List<T>>.Unavailable(reply.Fault($"GET {path}"));
            if (reply.TryRead(type) is not { } page || page.Any(item => item is null))
                return new Answer<List<T>>.Unavailable(reply.Unreadable($"GET {path}"));
            all.AddRange(page);
            if (reply.Next is null || page.Length == 0) return new Answer<List<T>>.Known(all);
            reply = await client.GetAsync(reply.Next, cancellationToken);
        }
    }

    private static string Path(RecordKey key) => $"domains/{key.Zone}/records/{Uri.EscapeDataString(key.Name.ToString())}/{key.Type}";

    private static bool IsAsked(LiveDnsRRset item, DomainName zone, IReadOnlyCollection<RecordKey> keys) =>
        TryKey(item, zone, out var key) && keys.Contains(key);

    private static bool TryKey(LiveDnsRRset item, DomainName zone, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RecordKey? key)
    {
        key = Enum.TryParse<RecordType>(item.Type, out var type) && Enum.IsDefined(type) && OwnerName.TryParse(item.Name, null, out var name)
            ? new RecordKey(zone, name, type)
            : null;
        return key is not null;
    }

    /// <summary>An RRset with a value that is no address of its type is not understood as a whole: writing it back would lose that value.</summary>
    private static bool TryRead(LiveDnsRRset item, DomainName zone, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RRset? rrset)
    {
        rrset = null;
        if (!TryKey(item, zone, out var key) || item.Ttl is not { } ttl || item.Values is null) return false;
        var family = key.Type == RecordType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var addresses = new List<IPAddress>(item.Values.Length);
        foreach (var value in item.Values)
        {
            if (!IPAddress.TryParse(value, out var address) || address.AddressFamily != family) return false;
            addresses.Add(address);
        }

        rrset = new RRset(key, ttl, new AddressSet(addresses), item.Href);
        return true;
    }

    private static Answer<IReadOnlyDictionary<RecordKey, RRset>> Known(IEnumerable<RRset> rrsets)
    {
        var byKey = new Dictionary<RecordKey, RRset>();
        foreach (var rrset in rrsets) byKey[rrset.Key] = rrset;
        return new Answer<IReadOnlyDictionary<RecordKey, RRset>>.Known(byKey);
    }

    private static Answer<IReadOnlyDictionary<RecordKey, RRset>> Unavailable(ProviderFault fault) =>
        new Answer<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(fault);
}
