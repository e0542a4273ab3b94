using System.Globalization;
using Esddns.Operator.Configuration;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.Kubernetes;

namespace Esddns.Operator;

/// <summary>What <c>--check-config</c> prints: what the operator would do with this configuration, without a secret.</summary>
internal static class ConfigurationReport
{
    /// <summary>Prints it.</summary>
    /// <returns>0: what is printed here is right.</returns>
    public static async Task<int> WriteAsync(IServiceProvider services, bool isOnce, TextWriter output)
    {
        var settings = services.GetRequiredService<OperatorSettings>();
        var cluster = services.GetService<KubernetesOptions>();
        await output.WriteLineAsync("The configuration is right.");
        await WriteAsync(output, "runs", isOnce ? ["one round"] : [Rounds(settings), $"API at {services.GetRequiredService<IConfiguration>()["urls"] ?? "the ports of http_ports"}"]);
        await WriteAsync(output, "records", Records(settings, cluster));
        await WriteAsync(output, "provider", [Provider(settings)]);
        await WriteAsync(output, "sources", Sources(settings.Discovery));
        await WriteAsync(output, "agreement", [Agreement(settings)]);
        await WriteAsync(output, "state file", [cluster is null ? settings.State.File ?? "none" : "none: the state is kept in the cluster"]);
        await WriteAsync(output, "cluster", [cluster is null ? "none" : $"namespace {cluster.Namespace}, as pod {cluster.PodName} on node {cluster.NodeName}"]);
        return 0;
    }

    private static async Task WriteAsync(TextWriter output, string what, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            await output.WriteLineAsync($"{what,-10}  {line}");
            what = "";
        }
    }

    private static string Rounds(OperatorSettings settings) => string.Create(CultureInfo.InvariantCulture,
        $"a full round every {settings.Loop.SyncInterval.TotalSeconds:0.###} s, a canary every {settings.Loop.CanaryInterval.TotalSeconds:0.###} s");

    private static IEnumerable<string> Records(OperatorSettings settings, KubernetesOptions? cluster)
    {
        foreach (var r in settings.Records)
            yield return string.Create(CultureInfo.InvariantCulture, $"{r.Fqdn} {r.Type}, TTL {r.Ttl} s, {r.Policy}{(r.Zone is null ? ", zone looked up" : $", zone {r.Zone}")}");
        if (cluster is not null) yield return "those of the cluster";
    }

    private static string Provider(OperatorSettings settings)
    {
        if (settings.Update is { } update)
            return $"{Server(update.Server)} by dynamic update, zones {string.Join(", ", update.Zones)}, TSIG key {update.KeyName} ({update.Key.AlgorithmName})";
        return $"Gandi LiveDNS at {settings.LiveDns.BaseUrl}, {Token(settings.LiveDns)}";
    }

    private static string Token(LiveDnsOptions o) =>
        o.TokenFile is { } file ? $"token from {file}"
        : o.Token is not null ? "token from the configuration"
        : $"token from the Secret {KubernetesOptions.CredentialsName}";

    private static IEnumerable<string> Sources(DiscoveryOptions o) =>
    [
        .. o.Stun.Concat(o.Echo).Concat(o.Dns).Select(Server),
        .. o.Interfaces ? (string[])["the host's own interfaces"] : [],
    ];

    /// <summary>The path and the query may be secrets.</summary>
    private static string Server(Uri uri) => uri.GetLeftPart(UriPartial.Authority);

    private static string Agreement(OperatorSettings settings) => string.Create(CultureInfo.InvariantCulture,
        $"{settings.Agreement.Quorum} of {Voters.Of(settings.Discovery).Count} providers, {settings.Agreement.Classes} ways of asking, hold-down {settings.Agreement.HoldDown.TotalSeconds:0.###} s");
}
