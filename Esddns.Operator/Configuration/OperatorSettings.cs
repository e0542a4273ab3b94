using System.Globalization;
using Esddns.Configuration;
using Esddns.Operator.Agreement;
using Esddns.Operator.Api;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Whoami;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Notifications;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;

namespace Esddns.Operator.Configuration;

/// <summary>The settings of the section <c>Esddns</c>, except those of the DNS provider.</summary>
internal sealed record OperatorSettings(
    IReadOnlyList<DesiredRecord> Records,
    LoopOptions Loop,
    DiscoveryOptions Discovery,
    AgreementOptions Agreement,
    AuthoritativeOptions Authoritative,
    StateOptions State,
    ApiOptions Api,
    NotificationOptions Notifications
)
{
    private const string Root = "Esddns";

    /// <summary>Reads all settings except those of DNS providers, which are read earlier.</summary>
    /// <param name="reader">Reads the settings and collects the errors.</param>
    /// <param name="ttls">The TTL range that the DNS provider accepts.</param>
    /// <param name="isInCluster">Whether the cluster can supply the records and the token.</param>
    public static OperatorSettings Read(SettingsReader reader, TtlRange ttls, bool isInCluster)
    {
        var settings = new OperatorSettings(
            RecordSettings.Read(reader, $"{Root}:Records", isOptional: isInCluster, ttls),
            ReadLoop(reader),
            ReadDiscovery(reader),
            ReadAgreement(reader),
            ReadAuthoritative(reader),
            ReadState(reader),
            ApiSettings.Read(reader, $"{Root}:Api"),
            NotificationSettings.Read(reader, $"{Root}:Notifications")
        );
        // The evidence of dead-man pings may be two intervals old, because a round can take long.
        settings.Notifications.RoundAge = 2 * settings.Loop.SyncInterval + TimeSpan.FromMinutes(1);
        settings.Notifications.AnswerAge = 2 * settings.Authoritative.Interval + TimeSpan.FromMinutes(1);
        // In a cluster, observations of other nodes count as well.
        if (!isInCluster)
            CheckQuorum(reader, settings);
        reader.RejectUnknown(Root, others: $"{Root}:Web");
        return settings;
    }

    private static LoopOptions ReadLoop(SettingsReader reader)
    {
        var o = new LoopOptions();
        return o with
        {
            SyncInterval = reader.Duration(
                $"{Root}:SyncInterval",
                o.SyncInterval,
                TimeSpan.FromSeconds(10),
                TimeSpan.FromDays(1)
            ),
            CanaryInterval = reader.Duration(
                $"{Root}:CanaryInterval",
                o.CanaryInterval,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromHours(1)
            ),
        };
    }

    private static DiscoveryOptions ReadDiscovery(SettingsReader reader)
    {
        var o = new DiscoveryOptions();
        o = o with
        {
            Stun =
                Uris(
                    reader,
                    $"{Root}:Discovery:Stun",
                    "a STUN server like stun://host:3478 or stun+tcp://host:3478",
                    "stun",
                    "stun+tcp"
                ) ?? o.Stun,
            Echo =
                Uris(
                    reader,
                    $"{Root}:Discovery:Echo",
                    "the address of an echo service like https://host/path",
                    "https",
                    "http"
                ) ?? o.Echo,
            Dns =
                Uris(
                    reader,
                    $"{Root}:Discovery:Dns",
                    "a name server with a question like dns://host/name?type=A",
                    "dns"
                ) ?? o.Dns,
            Interfaces = reader.Switch($"{Root}:Discovery:Interfaces", o.Interfaces),
            Timeout = reader.Duration(
                $"{Root}:Discovery:Timeout",
                o.Timeout,
                TimeSpan.FromMilliseconds(100),
                TimeSpan.FromSeconds(40)
            ),
        };
        if (o.Stun.Count + o.Echo.Count + o.Dns.Count == 0 && !reader.IsWrong($"{Root}:Discovery"))
            reader.Error(
                $"{Root}:Discovery",
                "no address source is configured; add a STUN server, an echo service or a name server."
            );
        foreach (var server in o.Stun.Where(s => s.AbsolutePath.Trim('/').Length + s.Query.Length > 0))
            reader.Error($"{Root}:Discovery:Stun", $"'{server}' has a path or a query; write stun://host:3478.");
        foreach (var server in o.Dns.Where(s => !WhoamiSource.IsSupported(s)))
            reader.Error(
                $"{Root}:Discovery:Dns",
                $"'{server}' has a question that is not supported; write ?type=A, or ?type=TXT;class=CH."
            );
        foreach (var server in o.Dns.Where(s => s.AbsolutePath.Trim('/').Length == 0))
            reader.Error($"{Root}:Discovery:Dns", $"'{server}' has no name to query; write dns://host/name?type=A.");
        return o;
    }

    /// <summary>
    /// Checks that the quorum is not larger than the number of configured providers. Not used in a cluster, where
    /// observations of other nodes add voters.
    /// </summary>
    private static void CheckQuorum(SettingsReader reader, OperatorSettings settings)
    {
        var (quorum, voters) = (settings.Agreement.Quorum, ConfiguredVoters.Of(settings.Discovery));
        if (quorum <= voters.Count || reader.IsWrong($"{Root}:Discovery"))
            return;
        var names = string.Join(", ", voters);
        reader.Error(
            $"{Root}:Agreement:Quorum",
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{quorum}' is more than the {voters.Count} providers of the sources ({names}); add "
                    + $"sources of other providers, or lower it."
            )
        );
    }

    private static StateOptions ReadState(SettingsReader reader)
    {
        const string key = $"{Root}:State:File";
        if (reader.Text(key) is not { } file)
            return new StateOptions();
        if (file.Equals("none", StringComparison.OrdinalIgnoreCase))
            return new StateOptions { File = null };
        if (file.StartsWith("~/", StringComparison.Ordinal))
            file = Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), file[2..]);
        var isFile =
            !file.Contains('\0', StringComparison.Ordinal)
            && !Path.EndsInDirectorySeparator(file)
            && (
                !file.StartsWith("/dev/", StringComparison.Ordinal)
                || file.StartsWith("/dev/shm/", StringComparison.Ordinal)
            );
        if (!isFile)
            reader.Error(key, $"'{file}' is not a file path; set a file path, or none to keep no state.");
        return new StateOptions { File = file };
    }

    private static AgreementOptions ReadAgreement(SettingsReader reader)
    {
        var o = new AgreementOptions();
        var ranges = reader.List($"{Root}:Agreement:AllowedRanges") ?? [];
        var expected = string.Join(", ", SpecialPurposeRanges.Names);
        foreach (var (key, name) in ranges.Where(r => !SpecialPurposeRanges.Names.Contains(r.Text)))
            reader.Error(key, $"'{name}' is not one of {expected}.");
        return o with
        {
            Quorum = reader.Number($"{Root}:Agreement:Quorum", o.Quorum, 1, 100),
            Classes = reader.Number($"{Root}:Agreement:Classes", o.Classes, 1, 3),
            HoldDown = reader.Duration(
                $"{Root}:Agreement:HoldDown",
                o.HoldDown,
                TimeSpan.Zero,
                TimeSpan.FromSeconds(60)
            ),
            AllowedRanges = ranges.Select(r => r.Text).ToHashSet(StringComparer.OrdinalIgnoreCase),
        };
    }

    private static AuthoritativeOptions ReadAuthoritative(SettingsReader reader)
    {
        var o = new AuthoritativeOptions();
        return o with
        {
            NameServers = Uris(reader, $"{Root}:Propagation:NameServers", "a name server like dns://host:53", "dns"),
            Interval = reader.Duration(
                $"{Root}:Propagation:Interval",
                o.Interval,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromDays(1)
            ),
        };
    }

    private static IReadOnlyList<Uri>? Uris(SettingsReader reader, string key, string expected, params string[] schemes)
    {
        if (reader.List(key) is not { } list)
            return null;
        var uris = new List<Uri>();
        foreach (var (at, text) in list)
        {
            if (reader.Address(at, text, expected, schemes) is not { } uri)
                continue;
            if (uri.Port == 0)
                reader.Error(at, $"'{text}' has port 0; write the port of the server, or leave it out.");
            else
                uris.Add(uri);
        }

        return uris;
    }
}
