using System.Text.RegularExpressions;
using Esddns.Configuration;
using Esddns.Operator.Kubernetes;
using Esddns.Tests.Configuration;
using Esddns.Tests.Support;
using Esddns.Web.Access;
using Microsoft.Extensions.Configuration;

namespace Esddns.Tests.Architecture;

/// <summary>docs/configuration.md lists every setting with the default and the values that the code declares.</summary>
public sealed partial class DocumentedSettingsTests
{
    private static readonly Dictionary<string, (string Default, string Values)> s_documented = Rows()
        .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/configuration.md")))
        .ToDictionary(
            row => row.Groups["key"].Value,
            row => (row.Groups["default"].Value.Trim(' ', '`'), row.Groups["values"].Value.Trim())
        );

    /// <summary>The settings whose default depends on where the operator runs, or on other settings.</summary>
    private static readonly string[] s_depending = ["Esddns:Kubernetes:Enabled", "Esddns:Web:Access:Reading"];

    private static readonly IReadOnlyCollection<Setting> s_declared = Declared();

    [Fact]
    public void DocumentedSettings_AreTheSettingsOfTheCode() =>
        Assert.Equal(s_declared.Select(s => s.Key).Order(), s_documented.Keys.Order());

    [Fact]
    public void DocumentedValues_MatchTheCode() =>
        Assert.All(
            s_declared.Where(s => s.Values is not null),
            s => Assert.Equal((s.Key, s.Values), (s.Key, s_documented[s.Key].Values))
        );

    [Fact]
    public void DocumentedDefaults_MatchTheCode() =>
        Assert.All(
            s_declared.Where(s => s.Default is not null && !s_depending.Contains(s.Key)),
            s => Assert.Equal((s.Key, s.Default), (s.Key, s_documented[s.Key].Default))
        );

    private static IReadOnlyCollection<Setting> Declared()
    {
        var settings = new Dictionary<string, string?>(ReadSettings.Minimal)
        {
            ["Esddns:Kubernetes:AllowedDomains:<namespace>"] = "example.com",
            ["Esddns:Notifications:Channels:0:Type"] = "Webhook",
        };
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        KubernetesSettings.Read(reader, _ => null);
        ReadSettings.From(reader, isInCluster: false);
        AccessSettings.Read(reader);
        return [.. reader.Settings.Where(s => s.Key.StartsWith("Esddns:", StringComparison.Ordinal))];
    }

    [GeneratedRegex(@"^\| `(?<key>Esddns:[^`]+)` \|(?<default>[^|]*)\|(?<values>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
