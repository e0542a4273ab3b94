namespace Esddns.Operator.Dns;

/// <summary>Selects the DNS provider for a set of credentials.</summary>
internal interface IDnsProviders
{
    /// <summary>Whether credentials other than those of the configuration are supported.</summary>
    bool HasNamed { get; }

    /// <summary>The provider with the named credentials; null for those of the configuration.</summary>
    IDnsProvider With(string? credentials);
}

/// <summary>A DNS provider that supports only the credentials of the configuration.</summary>
internal sealed class SingleProvider(IDnsProvider provider) : IDnsProviders
{
    /// <inheritdoc/>
    public bool HasNamed => false;

    /// <inheritdoc/>
    public IDnsProvider With(string? credentials) =>
        credentials is null
            ? provider
            : throw new NotSupportedException(
                $"This DNS provider supports only the credentials of the configuration, not {credentials}."
            );
}
