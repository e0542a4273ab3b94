using Esddns.Configuration;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>The DNS provider for a name server that accepts dynamic updates (RFC 2136).</summary>
/// <param name="Options">The options; null when the configuration is invalid.</param>
internal sealed record UpdateSetup(UpdateOptions? Options) : IDnsProviderSetup
{
    private const string Section = "Esddns:Update";

    /// <inheritdoc/>
    public TtlRange Ttls => TtlRange.Any;

    /// <inheritdoc/>
    public string Description
    {
        get
        {
            var zones = string.Join(", ", Valid.Zones);
            var server = Valid.Server.GetLeftPart(UriPartial.Authority);
            return $"{server} by dynamic update, zones {zones}, TSIG key {Valid.KeyName} ({Valid.Key.AlgorithmName})";
        }
    }

    private UpdateOptions Valid => Options ?? throw new InvalidOperationException("The configuration is invalid.");

    /// <summary>Reads the section <c>Esddns:Update</c>; null when it is missing.</summary>
    public static IDnsProviderSetup? Read(SettingsReader reader, bool isUsed, bool isInCluster)
    {
        var options = UpdateSettings.Read(reader, Section);
        return reader.Has(Section) ? new UpdateSetup(options) : null;
    }

    /// <inheritdoc/>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(Valid).AddSingleton(Ttls);
        services.AddSingleton<IDnsProvider, UpdateProvider>().AddSingleton<IDnsProviders, SingleProvider>();
        if (Valid.KeyFile is { } file)
            services.AddSingleton(new CredentialFile(file));
    }
}
