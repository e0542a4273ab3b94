namespace Esddns.Operator.Dns.Providers;

/// <summary>A configured DNS provider: its TTL range, its description and its services.</summary>
internal interface IDnsProviderSetup
{
    /// <summary>The TTL range that the provider accepts.</summary>
    TtlRange Ttls { get; }

    /// <summary>
    /// One line for <c>--check-config</c>: the address of the provider and the credentials in use, without secrets.
    /// </summary>
    string Description { get; }

    /// <summary>
    /// Adds an <see cref="IDnsProvider"/>, an <see cref="IDnsProviders"/>, its <see cref="TtlRange"/> and the
    /// <see cref="CredentialFile"/>s that are watched.
    /// </summary>
    void AddTo(IServiceCollection services);
}
