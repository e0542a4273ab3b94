using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>What a zone has at a name.</summary>
/// <param name="RRset">What it stores; null when it stores no such RRset that could be served.</param>
/// <param name="Obstacle">Why an address record there could not be stored, or would not be served; null when nothing is
/// in the way.</param>
internal sealed record Stored(RRset? RRset, string? Obstacle = null)
{
    /// <summary>Nothing, and nothing in the way.</summary>
    public static Stored Nothing { get; } = new(RRset: null);
}

/// <summary>
/// Finds out what a zone stores. What a query answers is less than that: it may come from a wildcard, another zone of
/// the same server, or the target of an alias. So the zone is asked for by its SOA record, and what a query shows is
/// checked by the prerequisites of an update that changes nothing.
/// </summary>
internal sealed class ZoneLook(UpdateSession session)
{
    /// <summary>Looks at one name and type.</summary>
    public async Task<(Stored? Stored, ProviderFault? Fault)> AtAsync(
        RecordKey key,
        CancellationToken cancellationToken
    )
    {
        var (obstacle, fault) = await FindObstacleAsync(key, cancellationToken);
        if (fault is not null)
            return (null, fault);
        if (obstacle is not null)
            return (new Stored(null, obstacle), null);

        var (answer, unanswered) = await QueryAsync(key, key.Fqdn, key.Type.ToDns(), cancellationToken);
        if (unanswered is not null)
            return (null, unanswered);
        if (!answer!.IsAuthoritative)
            return (null, NotResponsible(key));
        var seen = answer.RRset(key.Fqdn.ToString(), key.Type.ToDns());
        if (seen.Alias is { } target)
            return await CheckAliasAsync(key, target, cancellationToken);
        if (seen.Records.IsEmpty)
            return (Stored.Nothing, null);
        return seen.Addresses is { } values
            ? await CheckAsync(new RRset(key, seen.Ttl, values), cancellationToken)
            : (null, UpdateFaults.Unreadable($"query {key}", "the answer holds something that is no address"));
    }

    /// <summary>Whether the zone stores what a query showed, or a wildcard made it up (RFC 4592).</summary>
    private async Task<(Stored? Stored, ProviderFault? Fault)> CheckAsync(
        RRset seen,
        CancellationToken cancellationToken
    )
    {
        var (isStored, fault) = await HoldsAsync(seen.Key, UpdateMessage.IsExactly(seen), cancellationToken);
        if (fault is not null)
            return (null, fault);
        if (isStored)
            return (new Stored(seen), null);
        var (isMissing, unanswered) = await HoldsAsync(
            seen.Key,
            UpdateMessage.IsMissing(seen.Key, seen.Key.Type.ToDns()),
            cancellationToken
        );
        if (unanswered is not null)
            return (null, unanswered);
        return isMissing ? (Stored.Nothing, null) : (null, UpdateFaults.Conflict($"check {seen.Key}"));
    }

    private async Task<(Stored? Stored, ProviderFault? Fault)> CheckAliasAsync(
        RecordKey key,
        string target,
        CancellationToken cancellationToken
    )
    {
        var (isMissing, fault) = await HoldsAsync(key, UpdateMessage.IsMissing(key, DnsType.CNAME), cancellationToken);
        if (fault is not null)
            return (null, fault);
        var obstacle = $"{key.Fqdn} is a CNAME of {target}: remove it, or choose another name for the record";
        return (isMissing ? Stored.Nothing : new Stored(null, obstacle), null);
    }

    /// <summary>
    /// What keeps the zone from serving the name: another zone of the same server, a delegation, or the alias of a
    /// tree. An alias tells nothing about its own zone, and the SOA record beside it may be that of its target; then
    /// the name above it is asked for.
    /// </summary>
    private async Task<(string? Obstacle, ProviderFault? Fault)> FindObstacleAsync(
        RecordKey key,
        CancellationToken cancellationToken
    )
    {
        for (var at = key.Fqdn; at.Host.IsWithin(key.Zone); at = at.Parent()!)
        {
            var (answer, fault) = await QueryAsync(key, at, DnsType.SOA, cancellationToken);
            if (fault is { Kind: FaultKind.Persistent })
                return await ExplainAsync(key, fault, cancellationToken);
            if (fault is not null)
                return (null, fault);
            if (answer!.Delegation(key.Fqdn, key.Zone) is { } cut)
                return (Delegated(key, cut), null);
            if (!answer.IsAuthoritative)
                return (null, NotResponsible(key));
            if (answer.TreeAlias(at) is { } tree)
                return ($"{key.Fqdn} is below {tree.Name}, a DNAME of {tree.Target}: choose another name", null);
            if (answer.RRset(at.ToString(), DnsType.SOA).Alias is not null)
                continue;
            if (answer.ZoneOf(at) is not { } zone)
                return (null, UpdateFaults.Unreadable($"query {key}", "the answer does not name its zone"));
            if (zone.Equals(key.Zone))
                return (null, null);
            return zone.IsWithin(key.Zone) ? (InOtherZone(key, zone), null) : (null, NotResponsible(key));
        }

        return (null, NotResponsible(key));
    }

    /// <summary>
    /// Why the server does not answer us for a name. When it does so for the zone itself, the reason is the name's
    /// alone, as when it is in another zone, for which the key is not. An answer without signature is good enough to
    /// name that zone: it leads to no write. When it does not, an update that changes nothing shows whether it has the
    /// zone: queries for others are just refused.
    /// </summary>
    private async Task<(string? Obstacle, ProviderFault? Fault)> ExplainAsync(
        RecordKey key,
        ProviderFault refused,
        CancellationToken cancellationToken
    )
    {
        var apex = Fqdn.Of(OwnerName.Apex, key.Zone);
        var (_, fault) =
            key.Fqdn == apex ? (null, refused) : await QueryAsync(key, apex, DnsType.SOA, cancellationToken);
        if (fault is null)
        {
            var answer = await session.AskUnsignedAsync(Question(key.Fqdn, DnsType.SOA), cancellationToken);
            return answer?.ZoneOf(key.Fqdn) is { } zone && !zone.Equals(key.Zone) && zone.IsWithin(key.Zone)
                ? (InOtherZone(key, zone), null)
                : ($"the server does not answer for {key.Fqdn}, as it does for {key.Zone}: {refused.Message}", null);
        }

        if (fault.Type != UpdateFaults.Forbidden)
            return (null, fault);
        var (_, refusal) = await HoldsAsync(key, UpdateMessage.IsMissing(key, DnsType.CNAME), cancellationToken);
        return (null, refusal is { Type: ProviderFault.ZoneNotFound } ? refusal : fault);
    }

    private static string InOtherZone(RecordKey key, DomainName zone) =>
        $"{key.Fqdn} belongs to the zone {zone}, which the server has too: name {zone} as the record's zone";

    private static string Delegated(RecordKey key, DnsRecord cut) =>
        $"{key.Fqdn} is delegated: {cut.Name} has the name server {cut.Target}, and {key.Zone} does not serve it";

    private Task<(DnsMessage? Answer, ProviderFault? Fault)> QueryAsync(
        RecordKey key,
        Fqdn name,
        DnsType type,
        CancellationToken cancellationToken
    ) => session.ExchangeAsync("query", key, Question(name, type), cancellationToken);

    private static byte[] Question(Fqdn name, DnsType type) =>
        DnsExchange.Query(new DnsQuestion(name.ToString(), type, IsRecursive: false), hasEdns: false);

    private async Task<(bool Holds, ProviderFault? Fault)> HoldsAsync(
        RecordKey key,
        byte[] question,
        CancellationToken cancellationToken
    )
    {
        var (answer, fault) = await session.ExchangeAsync("check", key, question, cancellationToken);
        return (answer?.Code == DnsCode.NoError, fault);
    }

    private static ProviderFault NotResponsible(RecordKey key) =>
        UpdateFaults.NotAuthoritative($"query {key}", key.Zone);
}
