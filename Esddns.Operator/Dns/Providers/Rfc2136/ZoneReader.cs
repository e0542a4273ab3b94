using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>The record that a zone stores at a name.</summary>
/// <param name="RRset">The stored RRset; null when the zone stores none that it can serve.</param>
/// <param name="Problem">The reason why an address record at the name cannot be stored or served; null when it
/// can.</param>
internal sealed record Stored(RRset? RRset, string? Problem = null)
{
    /// <summary>No record is stored, and one could be.</summary>
    public static Stored Nothing { get; } = new(RRset: null);
}

/// <summary>
/// Reads the records that a zone stores. The response of a query is not enough: it may come from a wildcard, from
/// another zone of the same server, or from the target of an alias. Therefore the SOA record determines the zone. An
/// update without changes, only with prerequisites, verifies the response.
/// </summary>
internal sealed class ZoneReader(UpdateSession session)
{
    /// <summary>Reads one name and type.</summary>
    public async Task<(Stored? Stored, ProviderFault? Fault)> ReadAsync(
        RecordKey key,
        CancellationToken cancellationToken
    )
    {
        var (problem, fault) = await FindProblemAsync(key, cancellationToken);
        if (fault is not null)
            return (null, fault);
        if (problem is not null)
            return (new Stored(null, problem), null);

        var (answer, unanswered) = await QueryAsync(key, key.Fqdn, key.Type.ToDns(), cancellationToken);
        if (unanswered is not null)
            return (null, unanswered);
        if (!answer!.IsAuthoritative)
            return (null, NotAuthoritative(key));
        var seen = answer.RRset(key.Fqdn.ToString(), key.Type.ToDns());
        if (seen.Alias is { } target)
            return await CheckAliasAsync(key, target, cancellationToken);
        if (seen.Records.IsEmpty)
            return (Stored.Nothing, null);
        return seen.Addresses is { } values
            ? await CheckAsync(new RRset(key, seen.Ttl, values), cancellationToken)
            : (null, UpdateFaults.Unreadable($"query {key}", "the response contains a record that is not an address"));
    }

    /// <summary>
    /// Whether the zone stores the queried RRset, or the server synthesised it from a wildcard (RFC 4592).
    /// </summary>
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
        var problem = $"{key.Fqdn} is a CNAME of {target}: remove it, or choose another name for the record";
        return (isMissing ? Stored.Nothing : new Stored(null, problem), null);
    }

    /// <summary>
    /// Finds the reason why the zone cannot serve the name: another zone of the same server, a delegation, or a DNAME.
    /// For an alias, the SOA record in the response may be that of its target; then the parent name is queried.
    /// </summary>
    private async Task<(string? Problem, ProviderFault? Fault)> FindProblemAsync(
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
                return (null, NotAuthoritative(key));
            if (answer.Dname(at) is { } dname)
                return ($"{key.Fqdn} is below {dname.Name}, a DNAME of {dname.Target}: choose another name", null);
            if (answer.RRset(at.ToString(), DnsType.SOA).Alias is not null)
                continue;
            if (answer.ZoneOf(at) is not { } zone)
                return (null, UpdateFaults.Unreadable($"query {key}", "the response does not contain an SOA record"));
            if (zone.Equals(key.Zone))
                return (null, null);
            return zone.IsWithin(key.Zone) ? (InOtherZone(key, zone), null) : (null, NotAuthoritative(key));
        }

        return (null, NotAuthoritative(key));
    }

    /// <summary>
    /// Explains why the server rejects queries for a name. When it answers for the apex, the reason concerns only the
    /// name, e.g. the name is in another zone, for which the key is not valid. An unsigned response is sufficient to
    /// find that zone, because it leads to no write. When the server rejects the apex too, it may not have the zone, or
    /// not allow the key. An update without changes distinguishes the two cases.
    /// </summary>
    private async Task<(string? Problem, ProviderFault? Fault)> ExplainAsync(
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
            var answer = await session.QueryUnsignedAsync(Question(key.Fqdn, DnsType.SOA), cancellationToken);
            return answer?.ZoneOf(key.Fqdn) is { } zone && !zone.Equals(key.Zone) && zone.IsWithin(key.Zone)
                ? (InOtherZone(key, zone), null)
                : ($"the server answers for {key.Zone}, but not for {key.Fqdn}: {refused.Message}", null);
        }

        if (fault.Type != UpdateFaults.Forbidden)
            return (null, fault);
        var (_, refusal) = await HoldsAsync(key, UpdateMessage.IsMissing(key, DnsType.CNAME), cancellationToken);
        return (null, refusal is { Type: ProviderFault.ZoneNotFound } ? refusal : fault);
    }

    private static string InOtherZone(RecordKey key, DomainName zone) =>
        $"{key.Fqdn} belongs to the zone {zone}, which the server hosts too: set {zone} as the zone of the record";

    private static string Delegated(RecordKey key, DnsRecord cut) =>
        $"{key.Fqdn} is delegated: {cut.Name} has the name server {cut.Target}, and {key.Zone} does not serve it";

    private Task<(DnsMessage? Answer, ProviderFault? Fault)> QueryAsync(
        RecordKey key,
        Fqdn name,
        DnsType type,
        CancellationToken cancellationToken
    ) => session.ExchangeAsync("query", key, Question(name, type), cancellationToken);

    private static byte[] Question(Fqdn name, DnsType type) =>
        DnsExchange.BuildQuery(new DnsQuestion(name.ToString(), type, IsRecursive: false), hasEdns: false);

    private async Task<(bool Holds, ProviderFault? Fault)> HoldsAsync(
        RecordKey key,
        byte[] prerequisites,
        CancellationToken cancellationToken
    )
    {
        var (answer, fault) = await session.ExchangeAsync("check", key, prerequisites, cancellationToken);
        return (answer?.Code == DnsCode.NoError, fault);
    }

    private static ProviderFault NotAuthoritative(RecordKey key) =>
        UpdateFaults.NotAuthoritative($"query {key}", key.Zone);
}
