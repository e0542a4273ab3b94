using System.Globalization;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.Dns.Update;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Configuration;

/// <summary>All settings of the section <c>Esddns</c>, read and found to be right.</summary>
internal sealed record OperatorSettings(
    IReadOnlyList<DesiredRecord> Records,
    LoopOptions Loop,
    DiscoveryOptions Discovery,
    AgreementOptions Agreement,
    LiveDnsOptions LiveDns,
    UpdateOptions? Update,
    AuthoritativeOptions Authoritative,
    StateOptions State)
{
    private const string Root = "Esddns";

    /// <summary>Reads them all.</summary>
    /// <param name="reader">Reads them, and collects the mistakes.</param>
    /// <param name="isInCluster">Whether records and token may come from the cluster instead.</param>
    public static OperatorSettings Read(SettingsReader reader, bool isInCluster)
    {
        var settings = new OperatorSettings(
            RecordSettings.Read(
                reader, $"{Root}:Records", isOptional: isInCluster, reader.Text($"{Root}:Update:Server") is null ? LiveDnsOptions.Ttls : TtlRange.Any),
            ReadLoop(reader),
            ReadDiscovery(reader),
            ReadAgreement(reader),
            ReadLiveDns(reader, isInCluster),
            UpdateSettings.Read(reader, $"{Root}:Update"),
            ReadAuthoritative(reader),
            new StateOptions() is var state && reader.Text($"{Root}:State:File") is { } file ? state with { File = file == "none" ? null : file } : state);
        reader.RejectUnknown(Root);
        return settings;
    }

    private static LoopOptions ReadLoop(SettingsReader reader)
    {
        var o = new LoopOptions();
        return o with
        {
            SyncInterval = reader.Duration($"{Root}:SyncInterval", o.SyncInterval, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)),
            CanaryInterval = reader.Duration($"{Root}:CanaryInterval", o.CanaryInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
    }

    private static DiscoveryOptions ReadDiscovery(SettingsReader reader)
    {
        var o = new DiscoveryOptions();
        o = o with
        {
            Stun = Uris(reader, $"{Root}:Discovery:Stun", "a STUN server like stun://host:3478 or stun+tcp://host:3478", "stun", "stun+tcp") ?? o.Stun,
            Echo = Uris(reader, $"{Root}:Discovery:Echo", "the address of an echo service like https://host/path", "https", "http") ?? o.Echo,
            Dns = Uris(reader, $"{Root}:Discovery:Dns", "a name server with a question like dns://host/name?type=A", "dns") ?? o.Dns,
            Interfaces = reader.Switch($"{Root}:Discovery:Interfaces", o.Interfaces),
            Timeout = reader.Duration($"{Root}:Discovery:Timeout", o.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(40)),
        };
        if (o.Stun.Count + o.Echo.Count + o.Dns.Count == 0)
            reader.Error($"{Root}:Discovery", "no address source is left; name a STUN server, an echo service or a name server.");
        return o;
    }

    private static AgreementOptions ReadAgreement(SettingsReader reader)
    {
        var o = new AgreementOptions();
        var ranges = reader.List($"{Root}:Agreement:AllowedRanges") ?? [];
        foreach (var (key, name) in ranges.Where(r => !SpecialPurposeRanges.Names.Contains(r.Text)))
            reader.Error(key, $"'{name}' is no special-purpose range; there are {string.Join(", ", SpecialPurposeRanges.Names)}.");
        return o with
        {
            Quorum = reader.Number($"{Root}:Agreement:Quorum", o.Quorum, 1, 100),
            Classes = reader.Number($"{Root}:Agreement:Classes", o.Classes, 1, 4),
            HoldDown = reader.Duration($"{Root}:Agreement:HoldDown", o.HoldDown, TimeSpan.Zero, TimeSpan.FromSeconds(60)),
            AllowedRanges = ranges.Select(r => r.Text).ToHashSet(StringComparer.OrdinalIgnoreCase),
        };
    }

    private static LiveDnsOptions ReadLiveDns(SettingsReader reader, bool isInCluster)
    {
        const string section = $"{Root}:LiveDns";
        var o = new LiveDnsOptions();
        o = o with
        {
            BaseUrl = reader.Value(section + ":BaseUrl", o.BaseUrl,
                text => (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http", url!), "an address like https://api.gandi.net/v5/livedns"),
            Token = reader.Text(section + ":Token"),
            TokenFile = reader.Text(section + ":TokenFile"),
            SecondToken = reader.Text(section + ":SecondToken"),
            SecondTokenFile = reader.Text(section + ":SecondTokenFile"),
            TokenExpires = reader.Value<DateTimeOffset?>(section + ":TokenExpires", null,
                text => (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date), date), "a date like 2027-01-31"),
            Scheme = reader.Choice(section + ":Scheme", o.Scheme),
            Timeout = reader.Duration(section + ":Timeout", o.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
            RequestsPerMinute = reader.Number(section + ":RequestsPerMinute", o.RequestsPerMinute, 1, LiveDnsOptions.MaxRequestsPerMinute),
        };
        if (!isInCluster && o is { Token: null, TokenFile: null } && reader.Text($"{Root}:Update:Server") is null)
            reader.Error(section + ":Token", "no token; set API_KEY, or name a file that holds it in Esddns:LiveDns:TokenFile.");
        // The old variable wins over a file, as it does over everything else.
        if (o is { Token: not null, TokenFile: not null }) o = o with { TokenFile = null };
        return o;
    }

    private static AuthoritativeOptions ReadAuthoritative(SettingsReader reader)
    {
        var o = new AuthoritativeOptions();
        return o with
        {
            NameServers = Uris(reader, $"{Root}:Propagation:NameServers", "a name server like dns://host:53", "dns"),
            Interval = reader.Duration($"{Root}:Propagation:Interval", o.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        };
    }

    private static IReadOnlyList<Uri>? Uris(SettingsReader reader, string key, string expected, params string[] schemes)
    {
        if (reader.List(key) is not { } list) return null;
        var uris = new List<Uri>();
        foreach (var (at, text) in list.Where(item => item.Text != "none"))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Host.Length > 0) uris.Add(uri);
            else reader.Error(at, $"'{text}' is not {expected}.");
        }

        return uris;
    }
}
