namespace Esddns.Operator.Dns;

/// <summary>Where the records live. Only the reconciler calls <see cref="WriteAsync"/>.</summary>
internal interface IDnsProvider
{
    /// <summary>The zones that the credentials can see.</summary>
    Task<LookupResult<IReadOnlyCollection<DomainName>>> ZonesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The RRsets of a zone among <paramref name="keys"/>. A key that is missing from a known answer is known not to
    /// exist.
    /// </summary>
    Task<LookupResult<IReadOnlyDictionary<RecordKey, RRset>>> ReadAsync(
        DomainName zone,
        IReadOnlyCollection<RecordKey> keys,
        CancellationToken cancellationToken
    );

    /// <summary>Creates or replaces exactly this RRset; without values, removes it.</summary>
    /// <param name="rrset">What it is to be.</param>
    /// <param name="observed">What it was when it was read; a provider that can compare and set refuses when it is
    /// something else by now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The RRset as the provider confirmed it.</returns>
    Task<LookupResult<RRset>> WriteAsync(RRset rrset, RRset? observed, CancellationToken cancellationToken);
}
