using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>
/// The DNS provider for a self-hosted name server (BIND, Knot, PowerDNS, …): reads and writes over TCP with TSIG and
/// compare-and-set.
/// </summary>
internal sealed class UpdateProvider(
    UpdateOptions options,
    ILeadership leadership,
    OperatorMetrics metrics,
    TimeProvider time
) : IDnsProvider, IDisposable
{
    /// <summary>The maximum number of connections: a server accepts only some from one client.</summary>
    private const int MaxConnections = 8;

    private readonly TsigKeys _keys = new(options);

    private readonly OpenRequestLimiter _connections = new(MaxConnections, time);

    /// <inheritdoc/>
    public Task<LookupResult<IReadOnlyCollection<DomainName>>> ZonesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<LookupResult<IReadOnlyCollection<DomainName>>>(
            new LookupResult<IReadOnlyCollection<DomainName>>.Available([.. options.Zones])
        );

    /// <summary>
    /// Reads the stored RRsets. When the zone cannot serve a record, e.g. below a delegation, no RRset is returned.
    /// <see cref="WriteAsync"/> returns the fault, because it concerns that record only.
    /// </summary>
    public async Task<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>> ReadAsync(
        DomainName zone,
        IReadOnlyCollection<RecordKey> keys,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<RecordKey, RRset>();
        using var place = await _connections.AcquireAsync(cancellationToken);
        var (opened, fault) = await OpenAsync(cancellationToken);
        if (fault is not null)
            return new LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(fault);
        using var session = opened!;
        var reader = new ZoneReader(session);
        foreach (var key in keys)
        {
            var (stored, readFault) = await reader.ReadAsync(key, cancellationToken);
            if (readFault is not null)
                return new LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(
                    readFault with
                    {
                        Unconfirmed = false,
                    }
                );
            if (stored!.RRset is { } rrset)
                found[key] = rrset;
        }

        return new LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available(found);
    }

    /// <inheritdoc/>
    public async Task<LookupResult<RRset>> WriteAsync(RRset rrset, RRset? observed, CancellationToken cancellationToken)
    {
        using var place = await _connections.AcquireAsync(cancellationToken);
        var (opened, fault) = await OpenAsync(cancellationToken);
        if (fault is not null)
            return new LookupResult<RRset>.Unavailable(fault);
        using var session = opened!;
        var what = $"update {rrset.Key}";
        var (stored, readFault) = await new ZoneReader(session).ReadAsync(rrset.Key, cancellationToken);
        if (readFault is not null)
            return new LookupResult<RRset>.Unavailable(readFault with { Unconfirmed = false });
        if (stored!.Problem is { } problem)
            return new LookupResult<RRset>.Unavailable(
                new(FaultKind.Definitive, "rejected", $"{what} was not sent: {problem}")
            );
        if (!leadership.IsLeader)
        {
            return new LookupResult<RRset>.Unavailable(
                new(FaultKind.Transient, "not_leader", $"{what} was not sent: this process is no longer the leader")
            );
        }

        var (answer, updateFault) = await session.ExchangeAsync(
            "update",
            rrset.Key,
            UpdateMessage.Replace(observed, rrset),
            cancellationToken
        );
        if (updateFault is not null)
            return new LookupResult<RRset>.Unavailable(updateFault);
        return answer!.Code == DnsCode.NoError
            ? new LookupResult<RRset>.Available(rrset)
            : new LookupResult<RRset>.Unavailable(UpdateFaults.Conflict(what));
    }

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();

    private async Task<(UpdateSession? Session, ProviderFault? Fault)> OpenAsync(CancellationToken cancellationToken) =>
        _keys.Current(out var problem) is { } key
            ? await UpdateSession.OpenAsync(key, options, metrics, time, cancellationToken)
            : (null, new(FaultKind.Persistent, "unauthorized", $"Nothing was sent: {problem}"));
}
