using Esddns.Operator.Configuration;
using Microsoft.Extensions.Configuration;

namespace Esddns.Tests.Configuration;

/// <summary>Settings as a configuration holds them, and what is read from them.</summary>
internal static class ReadSettings
{
    public static Dictionary<string, string?> Minimal =>
        new() { ["Esddns:LiveDns:Token"] = "token", ["Esddns:Records:0:Zone"] = "example.com" };

    public static Dictionary<string, string?> Update =>
        new()
        {
            ["Esddns:Records:0:Zone"] = "example.com",
            ["Esddns:Update:Server"] = "dns://ns.example.com",
            ["Esddns:Update:Zones"] = "example.com",
            ["Esddns:Update:KeyName"] = "key",
            ["Esddns:Update:Key"] = "c2VjcmV0",
        };

    /// <summary>One setting beside those that it takes.</summary>
    public static Dictionary<string, string?> With(string name, string value) =>
        new(name.StartsWith("Update", StringComparison.Ordinal) ? Update : Minimal) { [$"Esddns:{name}"] = value };

    public static OperatorSettings Good(
        Dictionary<string, string?> settings,
        Dictionary<string, string>? environment = null
    )
    {
        var (read, errors) = Read(settings, environment ?? []);
        Assert.Empty(errors);
        return read!;
    }

    public static (OperatorSettings? Settings, IReadOnlyList<string> Errors) Read(
        Dictionary<string, string?> settings,
        Dictionary<string, string> environment
    )
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings);
        configuration.AddLegacyEnvironment(environment.GetValueOrDefault);
        var reader = new SettingsReader(configuration.Build(), environment.GetValueOrDefault);
        var read = OperatorSettings.Read(reader, isInCluster: false);
        return (reader.Errors.Count == 0 ? read : null, reader.Errors);
    }
}
