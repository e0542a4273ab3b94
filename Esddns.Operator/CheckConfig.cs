using System.Globalization;
using Esddns.Configuration;
using Esddns.Operator.Configuration;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns.Providers;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;

namespace Esddns.Operator;

/// <summary>
/// Prints what the operator would do with this configuration (<c>--check-config</c>), without secrets.
/// </summary>
internal static class CheckConfig
{
    /// <summary>Prints the report.</summary>
    /// <returns>0. An invalid configuration is reported earlier.</returns>
    public static async Task<int> WriteAsync(IServiceProvider services, bool isOnce, TextWriter output)
    {
        var settings = services.GetRequiredService<OperatorSettings>();
        var cluster = services.GetService<KubernetesOptions>();
        var api = ConfigReport.ListenAddresses(services.GetRequiredService<IConfiguration>());
        string[] runs = isOnce ? ["one round"] : [Rounds(settings.Loop), $"API at {api}"];

        await output.WriteLineAsync("The configuration is valid.");
        await ConfigReport.WriteAsync(output, "runs", runs);
        await ConfigReport.WriteAsync(output, "records", Records(settings, isInCluster: cluster is not null));
        await ConfigReport.WriteAsync(output, "provider", services.GetRequiredService<IDnsProviderSetup>().Description);
        await ConfigReport.WriteAsync(output, "sources", Sources(settings.Discovery));
        await ConfigReport.WriteAsync(output, "agreement", Agreement(settings));
        await ConfigReport.WriteAsync(
            output,
            "state file",
            cluster is null ? settings.State.File ?? "none" : "none; the state is in a ConfigMap"
        );
        await ConfigReport.WriteAsync(output, "messages", Channels(settings.Notifications));
        await ConfigReport.WriteAsync(output, "cluster", cluster is null ? "none" : Cluster(cluster));
        services.GetService<TokenExpiryWatch>()?.CheckExpiry();
        return 0;
    }

    private static string Rounds(LoopOptions loop) =>
        $"a full round every {Seconds(loop.SyncInterval)}, a canary every {Seconds(loop.CanaryInterval)}";

    private static string[] Records(OperatorSettings settings, bool isInCluster)
    {
        var records = settings.Records.Select(Describe);
        return [.. isInCluster ? records.Append("the records of the cluster") : records];
    }

    private static string Describe(DesiredRecord r)
    {
        var zone = r.Zone is null ? "zone looked up" : $"zone {r.Zone}";
        return string.Create(CultureInfo.InvariantCulture, $"{r.Fqdn} {r.Type}, TTL {r.Ttl} s, {r.Policy}, {zone}");
    }

    private static string[] Sources(DiscoveryOptions o)
    {
        var servers = o.Stun.Concat(o.Echo).Concat(o.Dns).Select(Server);
        return [.. o.Interfaces ? servers.Append("the host's own interfaces") : servers];
    }

    /// <summary>Scheme, host and port only: the path and the query may contain secrets.</summary>
    private static string Server(Uri uri) => uri.GetLeftPart(UriPartial.Authority);

    private static string Agreement(OperatorSettings settings)
    {
        var (rule, voters) = (settings.Agreement, ConfiguredVoters.Of(settings.Discovery).Count);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{rule.Quorum} of {voters} providers, {rule.Classes} trust classes, hold-down {Seconds(rule.HoldDown)}"
        );
    }

    private static string[] Channels(NotificationOptions o) =>
        o.Channels.Length == 0 ? ["none"] : Array.ConvertAll(o.Channels, Describe);

    private static string Describe(ChannelOptions c) =>
        c.IsPing
            ? $"{c.Name} ({c.Type}), a ping every {Seconds(c.Interval)}"
            : $"{c.Name} ({c.Type}): {string.Join(", ", c.Events)}";

    private static string Cluster(KubernetesOptions o) =>
        $"namespace {o.Namespace}, as pod {o.PodName} on node {o.NodeName}";

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
