using System.Collections.Concurrent;
using System.Net;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// Gandi LiveDNS (<see href="https://api.gandi.net/docs/livedns/"/>). It writes only single RRsets and never uses the
/// calls that replace a whole name or zone.
/// </summary>
internal sealed class LiveDnsProvider(LiveDnsClient client) : IDnsProvider, IDisposable
{
    private readonly LiveDnsList _list = new(client);

    /// <summary>
    /// The owner names that LiveDNS stores in another spelling, e.g. in upper case. LiveDNS finds them only in this
    /// spelling.
    /// </summary>
    private readonly ConcurrentDictionary<RecordKey, string> _storedNames = new();

    /// <inheritdoc/>
    public async Task<LookupResult<IReadOnlyCollection<DomainName>>> ZonesAsync(CancellationToken cancellationToken) =>
        await _list.ReadAsync("domains", LiveDnsJson.Default.LiveDnsDomainArray, cancellationToken) switch
        {
            LookupResult<List<LiveDnsDomain>>.Available(var domains) => new LookupResult<
                IReadOnlyCollection<DomainName>
            >.Available([.. domains.Select(NameOf).OfType<DomainName>().Distinct()]),
            LookupResult<List<LiveDnsDomain>>.Unavailable(var fault) => new LookupResult<
                IReadOnlyCollection<DomainName>
            >.Unavailable(fault),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <inheritdoc/>
    public async Task<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>> ReadAsync(
        DomainName zone,
        IReadOnlyCollection<RecordKey> keys,
        CancellationToken cancellationToken
    )
    {
        if (keys.Count == 1)
        {
            var onlyKey = keys.First();
            var reply = await client.GetAsync(At(onlyKey, _storedNames.GetValueOrDefault(onlyKey)), cancellationToken);
            // LiveDNS has no record in this spelling; the list shows whether one exists in another spelling.
            if (!reply.IsNoSuchRecord)
                return ReadOne(onlyKey, reply);
        }

        var path = $"domains/{zone}/records";
        var listed = await _list.ReadAsync(path, LiveDnsJson.Default.LiveDnsRRsetArray, cancellationToken);
        if (listed is LookupResult<List<LiveDnsRRset>>.Unavailable(var fault))
            return Unavailable(fault);
        var items = ((LookupResult<List<LiveDnsRRset>>.Available)listed).Value;
        if (items.Exists(i => i is not { Name: not null, Type: not null }))
            return Unavailable(Unreadable($"GET {path}: an entry has no name or no type"));
        var rrsets = items.Select(i => RRsetReader.Read(i, zone)).OfType<RRset>();
        return Available([.. rrsets.Where(r => keys.Contains(r.Key))], keys);
    }

    /// <inheritdoc/>
    public async Task<LookupResult<RRset>> WriteAsync(RRset rrset, RRset? observed, CancellationToken cancellationToken)
    {
        if (!LiveDnsOptions.Ttls.Contains(rrset.Ttl))
        {
            return new LookupResult<RRset>.Unavailable(
                new(
                    FaultKind.Definitive,
                    "rejected",
                    $"PUT {rrset.Key}: LiveDNS accepts a TTL of {LiveDnsOptions.Ttls}, not {rrset.Ttl}"
                )
            );
        }

        if ((rrset.Unwritable ?? observed?.Unwritable) is { } why)
        {
            return new LookupResult<RRset>.Unavailable(
                Unreadable($"{rrset.Key} was not written: {why}") with
                {
                    Kind = FaultKind.Definitive,
                }
            );
        }

        var address = At(rrset.Key, rrset.StoredName);
        if (rrset.IsEmpty)
        {
            var deleted = await client.DeleteAsync(address, cancellationToken);
            return deleted.Status == HttpStatusCode.NoContent || deleted.IsNoSuchRecord
                ? new LookupResult<RRset>.Available(rrset with { Href = null })
                : NotConfirmed(deleted, $"DELETE {rrset.Key}");
        }

        var update = new LiveDnsUpdate(rrset.Ttl, [.. rrset.Values.Select(v => v.ToString()), .. rrset.Unparsed]);
        var reply = await client.PutAsync(address, update, cancellationToken);
        return reply.IsConfirmed
            ? new LookupResult<RRset>.Available(rrset with { Href = address.AbsoluteUri })
            : NotConfirmed(reply, $"PUT {rrset.Key}");
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private LookupResult<IReadOnlyDictionary<RecordKey, RRset>> ReadOne(RecordKey key, LiveDnsReply reply)
    {
        var operation = $"GET {key}";
        if (!reply.IsSuccess)
            return Unavailable(reply.ReadFault(operation));
        var rrset = reply.TryRead(LiveDnsJson.Default.LiveDnsRRset) is { } one ? RRsetReader.Read(one, key.Zone) : null;
        if (rrset?.Key != key)
            return Unavailable(reply.Unreadable(operation));
        return rrset.Unwritable is { } why ? Unavailable(Unreadable($"{operation}: {why}")) : Available([rrset], [key]);
    }

    private static DomainName? NameOf(LiveDnsDomain domain) =>
        DomainName.TryParse(domain.Fqdn, null, out var name) ? name : null;

    private static ProviderFault Unreadable(string why) => new(FaultKind.Transient, ProviderFault.Unreadable, why);

    private static LookupResult<RRset> NotConfirmed(LiveDnsReply reply, string operation) =>
        new LookupResult<RRset>.Unavailable(
            reply.IsSuccess ? reply.Unreadable(operation) with { Unconfirmed = true } : reply.Fault(operation)
        );

    private Uri At(RecordKey key, string? storedName)
    {
        var name = Uri.EscapeDataString(storedName ?? key.Name.ToString());
        return client.At($"domains/{key.Zone}/records/{name}/{key.Type}");
    }

    private LookupResult<IReadOnlyDictionary<RecordKey, RRset>> Available(
        IReadOnlyCollection<RRset> rrsets,
        IReadOnlyCollection<RecordKey> keys
    )
    {
        var found = rrsets
            .GroupBy(r => r.Key)
            .Select(RRsetReader.Merge)
            .ToDictionary(r => r.Key, r => r with { Href = At(r.Key, r.StoredName).AbsoluteUri });
        foreach (var key in keys)
        {
            if (found.GetValueOrDefault(key) is { StoredName: { } name, Unwritable: null })
                _storedNames[key] = name;
            else
                _storedNames.TryRemove(key, out _);
        }

        return new LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available(found);
    }

    private static LookupResult<IReadOnlyDictionary<RecordKey, RRset>> Unavailable(ProviderFault fault) =>
        new LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(fault);
}
