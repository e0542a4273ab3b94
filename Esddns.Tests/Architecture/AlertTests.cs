using System.Text.RegularExpressions;
using Esddns.Tests.Support;

namespace Esddns.Tests.Architecture;

/// <summary>The alert rules, their unit tests and their runbook.</summary>
public sealed partial class AlertTests
{
    private static readonly Dictionary<string, string> s_alerts = Alert()
        .Matches(Read("eng/monitoring/alerts.yaml"))
        .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    [Fact]
    public void EachAlert_IsComplete()
    {
        Assert.True(s_alerts.Count > 20);
        foreach (var (name, text) in s_alerts)
        {
            Assert.Matches("\n    for: [0-9]+m\n", text);
            Assert.Matches("\n      severity: (critical|warning|info)\n", text);
            Assert.Contains("\n      summary: ", text, StringComparison.Ordinal);
            Assert.True(text.Contains("\n        Next: ", StringComparison.Ordinal), $"{name} names no next command");
            if (text.Contains("by (namespace, domain, record_type)", StringComparison.Ordinal))
                Assert.Contains("{{ $labels.domain }} {{ $labels.record_type }}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EachAlert_HasUnitTests() =>
        Assert.Equal(
            s_alerts.Keys.Order(),
            TestName().Matches(Read("eng/monitoring/tests.yaml")).Select(m => m.Groups[1].Value).Order()
        );

    [Fact]
    public void EachAlert_HasASectionInTheRunbook() =>
        Assert.Equal(s_alerts.Keys, Section().Matches(Read("docs/runbook.md")).Select(m => m.Groups[1].Value));

    [Fact]
    public void EachSection_HasItsParts()
    {
        var sections = Read("docs/runbook.md").Split("\n## ")[1..];
        Assert.All(
            sections,
            text =>
                Assert.All(
                    ["**symptom**", "**meaning**", "**check**", "**fix**"],
                    part => Assert.Contains(part, text, StringComparison.OrdinalIgnoreCase)
                )
        );
    }

    /// <summary>The files are made from the source, and promtool accepts the rules and runs their tests.</summary>
    [Fact]
    public async Task Files_AreUpToDate_AndTheirTestsPass()
    {
        Tool.Require("promtool", "prometheus");
        var (exitCode, output) = await Tool.RunAsync(
            Path.Combine(Repository.Root, "eng", "monitoring.sh"),
            ["--check"]
        );
        Assert.True(exitCode == 0, output);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    [GeneratedRegex("""^  - alert: (\w+)((?:.*\n)(?:(?!  - alert:).*\n)*)""", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^- name: (\w+)$", RegexOptions.Multiline)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^## (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Section();
}
