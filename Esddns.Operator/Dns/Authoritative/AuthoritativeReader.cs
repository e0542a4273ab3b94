using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Cryptography;
using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Net;

namespace Esddns.Operator.Dns.Authoritative;

/// <summary>
/// Reads a record at every authoritative name server of its zone. It uses UDP, and TCP when a response is truncated.
/// </summary>
internal sealed class AuthoritativeReader(NameServerFinder servers, TimeProvider time)
{
    private const int ProbeBytes = 8;

    /// <summary>The response of each server; empty when no server is known.</summary>
    /// <param name="key">The record.</param>
    /// <param name="expected">The expected addresses. Other responses are checked for wildcard synthesis (RFC
    /// 4592).</param>
    /// <param name="unresponsive">The servers that did not answer earlier, each with the reason. They are not queried
    /// again; new ones are added.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ImmutableArray<ServerAnswer>> ReadAsync(
        RecordKey key,
        AddressSet expected,
        ConcurrentDictionary<string, string> unresponsive,
        CancellationToken cancellationToken
    )
    {
        var found = await servers.FindAsync(key.Zone, cancellationToken);
        var answers = found.Select(server => ReadAsync(server, key, expected, unresponsive, cancellationToken));
        return [.. await Task.WhenAll(answers)];
    }

    private async Task<ServerAnswer> ReadAsync(
        NameServer server,
        RecordKey key,
        AddressSet expected,
        ConcurrentDictionary<string, string> unresponsive,
        CancellationToken cancellationToken
    )
    {
        if ((server.Problem ?? unresponsive.GetValueOrDefault(server.Name)) is { } known)
            return new ServerAnswer(server.Name, null, known);
        using var timeout = new CancellationTokenSource(AuthoritativeOptions.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var message = await QueryAsync(server, key.Fqdn, key.Type, linked.Token);
            var answer = Read(server.Name, key, message, out var rrset);
            return
                answer.Kind is ServerAnswerKind.Records or ServerAnswerKind.Alias
                && !expected.Equals(answer.Values)
                && rrset is not null
                && await IsSynthesisedAsync(server, key, rrset, linked.Token)
                ? new ServerAnswer(server.Name, AddressSet.Empty, null, ServerAnswerKind.Records)
                : answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = $"did not answer within {AuthoritativeOptions.Timeout.TotalSeconds:0} s";
            return new ServerAnswer(server.Name, null, unresponsive.GetOrAdd(server.Name, reason));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new ServerAnswer(
                server.Name,
                null,
                unresponsive.GetOrAdd(server.Name, $"cannot be reached: {e.Message}")
            );
        }
    }

    /// <summary>
    /// Queries one server. It may have several addresses; the next one is tried when one does not answer.
    /// </summary>
    private Task<DnsMessage> QueryAsync(
        NameServer server,
        Fqdn name,
        RecordType type,
        CancellationToken cancellationToken
    )
    {
        var question = new DnsQuestion(name.ToString(), type.ToDns(), IsRecursive: false);
        return HappyEyeballs.RaceAsync(
            server.EndPoints,
            (endPoint, token) => DnsExchange.QueryAsync(endPoint, question, time, token),
            time,
            cancellationToken
        );
    }

    private static ServerAnswer Read(string server, RecordKey key, DnsMessage answer, out DnsRRset? rrset)
    {
        rrset = null;
        if (answer.Delegation(key.Fqdn, key.Zone) is { } cut)
            return Other(ServerAnswerKind.OtherZone, $"refers to {cut.Target}: {cut.Name} is a delegated zone");
        if (
            answer.Code is DnsCode.Refused or DnsCode.NotAuth
            || (answer.Code is DnsCode.NoError or DnsCode.NxDomain && !answer.IsAuthoritative)
        )
            return Other(ServerAnswerKind.NotResponsible, $"is not authoritative for zone {key.Zone} ({answer.Code})");
        if (answer.Code is not (DnsCode.NoError or DnsCode.NxDomain))
            return Other(ServerAnswerKind.Unknown, $"returned {answer.Code}");
        if (answer.Dname(key.Fqdn) is { } dname)
            return Other(ServerAnswerKind.Alias, $"reports that {dname.Name} is a DNAME of {dname.Target}");

        rrset = answer.RRset(key.Fqdn.ToString(), key.Type.ToDns());
        if (rrset.Alias is { } target)
            return Other(ServerAnswerKind.Alias, $"reports that {key.Fqdn} is a CNAME of {target}");
        if (rrset.Addresses is not { } values)
            return Other(ServerAnswerKind.Unknown, "returned a record that is not an address");
        if (values.Count > 0)
            return new ServerAnswer(server, values, null, ServerAnswerKind.Records, rrset.Ttl);
        return answer.ZoneOf(key.Fqdn) switch
        {
            { } zone when zone.Equals(key.Zone) => new ServerAnswer(server, values, null, ServerAnswerKind.Records),
            { } zone when zone.IsWithin(key.Zone) => Other(
                ServerAnswerKind.OtherZone,
                $"answers from the zone {zone} for {key.Fqdn}"
            ),
            { } zone => Other(
                ServerAnswerKind.NotResponsible,
                $"answers from the zone {zone} and does not have zone {key.Zone}"
            ),
            null => new ServerAnswer(server, values, null, ServerAnswerKind.Records),
        };

        ServerAnswer Other(ServerAnswerKind kind, string reason) => new(server, null, reason, kind);
    }

    /// <summary>
    /// Whether the response is synthesised from a wildcard. It queries a random sibling name that cannot exist: when
    /// the sibling gets the same response, the record does not exist, or equals the wildcard. A wildcard record and the
    /// apex are never synthesised.
    /// </summary>
    private async Task<bool> IsSynthesisedAsync(
        NameServer server,
        RecordKey key,
        DnsRRset seen,
        CancellationToken cancellationToken
    )
    {
        var isNothing = seen.Records.IsEmpty && seen.Alias is null;
        if (isNothing || key.Fqdn.IsWildcard || key.Fqdn.Host.Equals(key.Zone))
            return false;
        var label = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ProbeBytes));
        var parent = key.Fqdn.Parent();
        if (!Fqdn.TryParse($"{label}.{parent}", null, out var sibling))
            return false;
        var answer = await QueryAsync(server, sibling, key.Type, cancellationToken);
        return answer.IsAuthoritative && answer.RRset(sibling.ToString(), key.Type.ToDns()).IsLike(seen);
    }
}
