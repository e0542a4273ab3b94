namespace Esddns.Operator.Dns.Providers;

/// <summary>A configured DNS provider: its limits, its description, and its services.</summary>
internal interface IDnsProviderSetup
{
    /// <summary>The times to live that it accepts.</summary>
    TtlRange Ttls { get; }

    /// <summary>One line for <c>--check-config</c>: where it is and how it is reached, without a secret.</summary>
    string Description { get; }

    /// <summary>
    /// Adds an <see cref="IDnsProvider"/>, an <see cref="IDnsProviders"/>, its <see cref="TtlRange"/> and the
    /// <see cref="CredentialFile"/>s that are watched.
    /// </summary>
    void AddTo(IServiceCollection services);
}
