using Esddns.Configuration;
using Esddns.Operator.Agreement;
using Esddns.Operator.Configuration;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Dns.Providers;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Dns.Providers.Rfc2136;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;
using Microsoft.Extensions.Configuration;

namespace Esddns.Tests.Configuration;

/// <summary>The settings of the operator and of its DNS provider, as read from a configuration.</summary>
internal sealed record ReadSettings(OperatorSettings Operator, IDnsProviderSetup Provider)
{
    public static Dictionary<string, string?> Minimal =>
        new() { ["Esddns:LiveDns:Token"] = "token", ["Esddns:Records:0:Zone"] = "example.com" };

    public static Dictionary<string, string?> UpdateServer =>
        new()
        {
            ["Esddns:Records:0:Zone"] = "example.com",
            ["Esddns:Update:Server"] = "dns://ns.example.com",
            ["Esddns:Update:Zones"] = "example.com",
            ["Esddns:Update:KeyName"] = "key",
            ["Esddns:Update:Key"] = "c2VjcmV0",
        };

    public IReadOnlyList<DesiredRecord> Records => Operator.Records;

    public LoopOptions Loop => Operator.Loop;

    public DiscoveryOptions Discovery => Operator.Discovery;

    public AgreementOptions Agreement => Operator.Agreement;

    public AuthoritativeOptions Authoritative => Operator.Authoritative;

    public StateOptions State => Operator.State;

    public LiveDnsOptions LiveDns => Assert.IsType<LiveDnsSetup>(Provider).Options;

    public UpdateOptions Update => Assert.IsType<UpdateSetup>(Provider).Options!;

    /// <summary>The minimal settings, with one further setting.</summary>
    public static Dictionary<string, string?> With(string name, string value) =>
        new(name.StartsWith("Update", StringComparison.Ordinal) ? UpdateServer : Minimal)
        {
            [$"Esddns:{name}"] = value,
        };

    public static ReadSettings Good(
        Dictionary<string, string?> settings,
        Dictionary<string, string>? environment = null
    )
    {
        var (read, errors) = Read(settings, environment ?? []);
        Assert.Empty(errors);
        return read!;
    }

    public static (ReadSettings? Settings, IReadOnlyList<string> Errors) Read(
        Dictionary<string, string?> settings,
        Dictionary<string, string> environment
    )
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings);
        configuration.AddLegacyEnvironment(environment.GetValueOrDefault);
        var reader = new SettingsReader(
            configuration.Build(),
            key => LegacyEnvironment.Describe(key, environment.GetValueOrDefault)
        );
        var read = From(reader, isInCluster: false);
        return (reader.Errors.Count == 0 ? read : null, reader.Errors);
    }

    public static ReadSettings From(SettingsReader reader, bool isInCluster)
    {
        var provider = DnsProviders.Read(reader, isInCluster);
        return new(OperatorSettings.Read(reader, provider.Ttls, isInCluster), provider);
    }
}
