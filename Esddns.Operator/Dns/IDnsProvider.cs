namespace Esddns.Operator.Dns;

/// <summary>A DNS provider, which hosts the records. Only the reconciler calls <see cref="WriteAsync"/>.</summary>
internal interface IDnsProvider
{
    /// <summary>The zones that the credentials give access to.</summary>
    Task<LookupResult<IReadOnlyCollection<DomainName>>> ZonesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads those RRsets of a zone that are in <paramref name="keys"/>. When a key is missing from an available
    /// result, the RRset does not exist.
    /// </summary>
    Task<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>> ReadAsync(
        DomainName zone,
        IReadOnlyCollection<RecordKey> keys,
        CancellationToken cancellationToken
    );

    /// <summary>Creates or replaces exactly this RRset; removes it when it has no values.</summary>
    /// <param name="rrset">The new RRset.</param>
    /// <param name="observed">The RRset as it was read. A provider with compare-and-set rejects the write when the
    /// RRset has changed since.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The RRset as the provider confirmed it.</returns>
    Task<LookupResult<RRset>> WriteAsync(RRset rrset, RRset? observed, CancellationToken cancellationToken);
}
