namespace Esddns.Operator.Dns;

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
