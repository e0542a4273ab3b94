namespace Esddns.Operator.Dns;

/// <summary>
/// The result of a call to the DNS provider. Unavailable is not empty: on an unavailable result, records are preserved.
/// </summary>
internal abstract record LookupResult<T>
{
    private LookupResult() { }

    /// <summary>The DNS provider returned a value.</summary>
    internal sealed record Available(T Value) : LookupResult<T>;

    /// <summary>The DNS provider did not answer, or its response was not readable.</summary>
    internal sealed record Unavailable(ProviderFault Fault) : LookupResult<T>;
}
