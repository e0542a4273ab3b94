using Esddns.Configuration;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Access;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// Reads the section <c>Esddns:Kubernetes</c>. <c>Enabled</c> is true by default in a pod, and elsewhere only with a
/// <c>Kubeconfig</c>. A local run therefore never uses a cluster by accident.
/// </summary>
internal static class KubernetesSettings
{
    private const string Root = "Esddns:Kubernetes";

    /// <summary>The key of <see cref="KubernetesOptions.SharedWith"/>.</summary>
    public const string SharedWith = $"{Root}:SharedWith";

    /// <summary>The key of <see cref="KubernetesOptions.AllowedDomains"/>.</summary>
    public const string AllowedDomains = $"{Root}:AllowedDomains";

    /// <summary>Reads the section; null when no cluster is used.</summary>
    public static KubernetesOptions? Read(SettingsReader reader, Func<string, string?> environment)
    {
        var kubeconfig = reader.Text($"{Root}:Kubeconfig");
        var isEnabled = reader.Switch($"{Root}:Enabled", kubeconfig is not null || ServiceAccount.IsAvailable);
        var options = new KubernetesOptions
        {
            Kubeconfig = kubeconfig,
            Namespace =
                reader.Text($"{Root}:Namespace")
                ?? environment("POD_NAMESPACE")
                ?? (isEnabled ? NamespaceOf(reader, kubeconfig) : null)
                ?? "esddns-system",
            WatchNamespace = ReadWatchNamespace(reader),
            ExcludedNamespaces = ReadExcludedNamespaces(reader),
            SharedWith = reader.List(SharedWith)?.Select(n => n.Text).ToHashSet(),
            AllowedDomains = ReadAllowedDomains(reader),
            PodName = reader.Text($"{Root}:PodName") ?? environment("POD_NAME") ?? Environment.MachineName,
            NodeName = reader.Text($"{Root}:NodeName") ?? environment("NODE_NAME") ?? Environment.MachineName,
        };
        var mistakes = reader.Errors.Count;
        options = options with
        {
            LeaseDuration = reader.Duration(
                $"{Root}:LeaseDuration",
                options.LeaseDuration,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromMinutes(10)
            ),
            RenewDeadline = reader.Duration(
                $"{Root}:RenewDeadline",
                options.RenewDeadline,
                TimeSpan.FromMilliseconds(200),
                TimeSpan.FromMinutes(10)
            ),
            RetryPeriod = reader.Duration(
                $"{Root}:RetryPeriod",
                options.RetryPeriod,
                TimeSpan.FromMilliseconds(50),
                TimeSpan.FromMinutes(1)
            ),
            Heartbeat = reader.Duration(
                $"{Root}:Heartbeat",
                options.Heartbeat,
                TimeSpan.FromSeconds(10),
                TimeSpan.FromDays(1)
            ),
        };
        // Compares valid values only, so that one mistake gives one line.
        if (reader.Errors.Count > mistakes)
            return isEnabled ? options : null;
        if (options.RenewDeadline >= options.LeaseDuration)
            reader.Error(
                $"{Root}:RenewDeadline",
                "must be shorter than LeaseDuration: the leader has to stop before another one starts."
            );
        if (options.RetryPeriod >= options.RenewDeadline)
            reader.Error(
                $"{Root}:RetryPeriod",
                "must be shorter than RenewDeadline: one failed renewal must not end the leadership."
            );
        return isEnabled ? options : null;
    }

    private static string? ReadWatchNamespace(SettingsReader reader)
    {
        const string key = $"{Root}:WatchNamespace";
        var name = reader.Text(key);
        CheckNamespace(reader, key, name);
        return name;
    }

    private static string[] ReadExcludedNamespaces(SettingsReader reader)
    {
        const string key = $"{Root}:ExcludedNamespaces";
        var names = reader.List(key) ?? [];
        foreach (var (at, name) in names)
            CheckNamespace(reader, at, name);
        if (names.Count > 0 && reader.Text($"{Root}:WatchNamespace") is not null)
            reader.Error(
                key,
                "has no effect together with WatchNamespace, which names the only one; remove one of both."
            );
        return [.. names.Select(n => n.Text)];
    }

    private static void CheckNamespace(SettingsReader reader, string key, string? name)
    {
        if (name is not null && !IsNamespace(name))
            reader.Error(key, $"'{name}' is not the name of a namespace: lower-case letters, digits and hyphens.");
    }

    private static Dictionary<string, IReadOnlyList<DomainName>> ReadAllowedDomains(SettingsReader reader)
    {
        var allowed = new Dictionary<string, IReadOnlyList<DomainName>>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in reader.Keys(AllowedDomains))
        {
            var domains = new List<DomainName>();
            foreach (var (at, text) in reader.List(key) ?? [])
            {
                if (DomainName.TryParse(text, null, out var domain))
                    domains.Add(domain);
                else
                    reader.Error(at, $"'{text}' is not {DomainName.Shape}.");
            }

            allowed[key[(AllowedDomains.Length + 1)..]] = domains;
        }

        return allowed;
    }

    /// <summary>Whether this is a label of RFC 1123; the selector of fields accepts nothing else.</summary>
    private static bool IsNamespace(string name) =>
        name.Length is > 0 and <= 63
        && name is not (['-', ..] or [.., '-'])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static string? NamespaceOf(SettingsReader reader, string? kubeconfig)
    {
        try
        {
            return ClusterClient.Access(kubeconfig, TimeProvider.System).Namespace;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            reader.Error(
                kubeconfig is null ? $"{Root}:Enabled" : $"{Root}:Kubeconfig",
                $"the cluster cannot be used: {e.Message}"
            );
            return null;
        }
    }
}
