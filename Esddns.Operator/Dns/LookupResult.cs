namespace Esddns.Operator.Dns;

/// <summary>
/// What a question to the provider led to. Unavailable is not empty: whoever gets it changes nothing.
/// </summary>
internal abstract record LookupResult<T>
{
    private LookupResult() { }

    /// <summary>The provider answered.</summary>
    internal sealed record Available(T Value) : LookupResult<T>;

    /// <summary>The provider did not answer, or not in a way that could be understood.</summary>
    internal sealed record Unavailable(ProviderFault Fault) : LookupResult<T>;
}
