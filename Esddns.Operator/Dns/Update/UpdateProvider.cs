using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Dns.Update;

/// <summary>A name server of one's own (BIND, Knot, PowerDNS, …): read by query, written by dynamic update with TSIG, compare-and-set.</summary>
internal sealed class UpdateProvider(UpdateOptions options, IWritePermit permit, OperatorMetrics metrics, TimeProvider time) : IDnsProvider
{
    private const int Port = 53;
    private readonly Tsig _tsig = new(options, time);

    /// <inheritdoc/>
    public Task<Answer<IReadOnlyCollection<DomainName>>> ZonesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Answer<IReadOnlyCollection<DomainName>>>(new Answer<IReadOnlyCollection<DomainName>>.Known([.. options.Zones]));

    /// <inheritdoc/>
    public async Task<Answer<IReadOnlyDictionary<RecordKey, RRset>>> ReadAsync(
        DomainName zone, IReadOnlyCollection<RecordKey> keys, CancellationToken cancellationToken)
    {
        var found = new Dictionary<RecordKey, RRset>();
        foreach (var key in keys)
        {
            var type = key.Type == RecordType.A ? DnsType.A : DnsType.AAAA;
            var (answer, fault) = await ExchangeAsync($"query {key}", (server, token) => DnsExchange.AskAsync(server, new DnsQuestion(key.Fqdn.ToString(), type), time, token), cancellationToken);
            if (answer is not null && !(answer.IsAuthoritative && answer.Code is DnsCode.NoError or DnsCode.NxDomain)) fault = Refusal($"query {key}", answer.Code);
            if (fault is not null) return new Answer<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(fault with { Unconfirmed = false });
            var records = answer!.Answers.Where(r => r.Type == type).ToArray();
            if (records.Length > 0)
                found[key] = new RRset(key, (int)records.Min(r => r.Ttl), new AddressSet(records.Select(r => r.Address).OfType<IPAddress>()));
        }

        return new Answer<IReadOnlyDictionary<RecordKey, RRset>>.Known(found);
    }

    /// <inheritdoc/>
    public async Task<Answer<RRset>> WriteAsync(RRset rrset, RRset? observed, CancellationToken cancellationToken)
    {
        var what = $"update {rrset.Key}";
        var (signed, mac) = _tsig.Sign(UpdateMessage.Write(observed, rrset));
        var (raw, fault) = await ExchangeAsync(what, (server, token) => permit.IsHeld
            ? DnsExchange.SendTcpAsync(server, signed, token)
            : throw new IOException("nothing was sent: another process may be the leader by now"), cancellationToken);
        if (fault is not null) return new Answer<RRset>.Unavailable(fault);
        if (!DnsMessage.TryRead(raw, out var answer) || answer!.Id != (ushort)((signed[0] << 8) | signed[1]))
            return new Answer<RRset>.Unavailable(new(FaultKind.Transient, "unreadable", $"{what}: the answer cannot be understood", Unconfirmed: true));
        // A server that does not know the key cannot sign its refusal; a confirmation without signature is none.
        if (answer.Code == DnsCode.NoError && !_tsig.IsValid(raw, mac))
            return new Answer<RRset>.Unavailable(new(FaultKind.Transient, "unreadable", $"{what}: the answer is not signed with the key", Unconfirmed: true));
        return answer.Code == DnsCode.NoError ? new Answer<RRset>.Known(rrset) : new Answer<RRset>.Unavailable(Refusal(what, answer.Code));
    }

    private async Task<(T? Answer, ProviderFault? Fault)> ExchangeAsync<T>(
        string what, Func<IPEndPoint, CancellationToken, Task<T>> exchange, CancellationToken cancellationToken) where T : class
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var operation = what.Split(' ')[0];
        try
        {
            var addresses = await System.Net.Dns.GetHostAddressesAsync(options.Server.IdnHost.Trim('[', ']'), either.Token);
            var answer = await exchange(new IPEndPoint(addresses[0], options.Server.Port > 0 ? options.Server.Port : Port), either.Token);
            metrics.ProviderRequest(operation, 200);
            return (answer, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.ProviderRequest(operation, null);
            return (null, new(FaultKind.Transient, "timeout", $"{what}: no answer within {options.Timeout.TotalSeconds:0} s", Unconfirmed: true));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            metrics.ProviderRequest(operation, null);
            return (null, new(FaultKind.Transient, "network", $"{what}: {e.Message}", Unconfirmed: true));
        }
    }

    private static ProviderFault Refusal(string what, DnsCode code) => code switch
    {
        DnsCode.NotAuth => new(FaultKind.Persistent, "unauthorized", $"{what}: {code}. The server does not take the key: check its name, algorithm and secret, and both clocks"),
        DnsCode.Refused => new(FaultKind.Persistent, "forbidden", $"{what}: {code}. The server's policy does not allow it"),
        DnsCode.NotZone or DnsCode.NoError or DnsCode.NxDomain => new(FaultKind.Persistent, "zone_not_found", $"{what}: {code}. The server is not responsible for the zone"),
        DnsCode.YxRRset or DnsCode.NxRRset or DnsCode.YxDomain => new(FaultKind.Transient, "conflict", $"{what}: {code}. Somebody else changed the record meanwhile; it is read again"),
        DnsCode.ServFail => new(FaultKind.Transient, "server_error", $"{what}: {code}"),
        _ => new(FaultKind.Definitive, "rejected", $"{what}: {code}"),
    };
}
