using Esddns.Operator.Configuration;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Dns.Providers.Rfc2136;

namespace Esddns.Operator.Dns.Providers;

/// <summary>The DNS providers that ESDDNS knows.</summary>
internal static class DnsProviders
{
    /// <summary>In order of precedence: the first that is configured is used, and the last is the default.</summary>
    private static readonly Func<SettingsReader, bool, IDnsProviderSetup?>[] s_known =
    [
        UpdateSetup.Read,
        LiveDnsSetup.Read,
    ];

    /// <summary>Reads the settings of all providers, so that every mistake is found.</summary>
    /// <param name="reader">Reads the settings, and collects the mistakes.</param>
    /// <param name="isInCluster">Whether credentials may come from the cluster instead.</param>
    /// <returns>The one to use.</returns>
    public static IDnsProviderSetup Read(SettingsReader reader, bool isInCluster)
    {
        IDnsProviderSetup? chosen = null;
        foreach (var read in s_known)
        {
            var setup = read(reader, chosen is null && !isInCluster);
            chosen ??= setup;
        }

        return chosen!;
    }
}
