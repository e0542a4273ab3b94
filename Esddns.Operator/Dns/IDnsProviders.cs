namespace Esddns.Operator.Dns;

/// <summary>Selects the DNS provider for a set of credentials.</summary>
internal interface IDnsProviders
{
    /// <summary>Whether credentials other than those of the configuration are supported.</summary>
    bool HasNamed { get; }

    /// <summary>The provider with the named credentials; null for those of the configuration.</summary>
    IDnsProvider With(string? credentials);
}
