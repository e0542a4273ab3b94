namespace Esddns.Operator.Dns;

/// <summary>The provider, as each set of credentials sees it.</summary>
internal interface IDnsProviders
{
    /// <summary>Whether there can be other credentials than those of the configuration.</summary>
    bool HasNamed { get; }

    /// <summary>The provider with the credentials of this name; null for those of the configuration.</summary>
    IDnsProvider With(string? credentials);
}

/// <summary>A provider that has only the credentials of the configuration.</summary>
internal sealed class SingleProvider(IDnsProvider provider) : IDnsProviders
{
    /// <inheritdoc/>
    public bool HasNamed => false;

    /// <inheritdoc/>
    public IDnsProvider With(string? credentials) =>
        credentials is null
            ? provider
            : throw new NotSupportedException(
                $"This provider has no other credentials than those of the configuration, and so not {credentials}."
            );
}
