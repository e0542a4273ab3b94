using Esddns.Configuration;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Dns.Providers.Rfc2136;

namespace Esddns.Operator.Dns.Providers;

/// <summary>The supported DNS providers.</summary>
internal static class DnsProviders
{
    /// <summary>In order of precedence: the first configured provider is used; the last is the default.</summary>
    private static readonly Func<SettingsReader, bool, bool, IDnsProviderSetup?>[] s_known =
    [
        UpdateSetup.Read,
        LiveDnsSetup.Read,
    ];

    /// <summary>Reads the settings of all providers, so that all errors are reported.</summary>
    /// <param name="reader">Reads the settings and collects the errors.</param>
    /// <param name="isInCluster">Whether the cluster can supply the credentials.</param>
    /// <returns>The provider to use.</returns>
    public static IDnsProviderSetup Read(SettingsReader reader, bool isInCluster)
    {
        IDnsProviderSetup? chosen = null;
        foreach (var read in s_known)
        {
            var setup = read(reader, chosen is null, isInCluster);
            chosen ??= setup;
        }

        return chosen!;
    }
}
