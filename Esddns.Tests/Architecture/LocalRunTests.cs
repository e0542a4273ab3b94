using System.Text.RegularExpressions;
using Esddns.Tests.Support;

namespace Esddns.Tests.Architecture;

/// <summary>The AppHost and run.sh use the same settings.</summary>
public sealed partial class LocalRunTests
{
    [Fact]
    public void AppHostAndLocalScript_SetTheSameOperatorSettings()
    {
        var appHost = File.ReadAllText(Path.Combine(Repository.Root, "Esddns.AppHost/AppHost.cs"));
        var script = File.ReadAllText(Path.Combine(Repository.Root, "eng/local.sh"));
        var inAppHost = InAppHost()
            .Matches(appHost[appHost.IndexOf("IsRunMode", StringComparison.Ordinal)..])
            .Select(m => m.Groups[1].Value)
            .Order()
            .ToArray();
        var inScript = InScript()
            .Matches(script[script.IndexOf("simulated_settings()", StringComparison.Ordinal)..])
            .Select(m => m.Groups[1].Value)
            .Order()
            .ToArray();
        Assert.True(inAppHost.Length >= 9, $"only {inAppHost.Length} settings found; the search of this test is wrong");
        Assert.Equal(inAppHost, inScript);
    }

    [Theory]
    [InlineData("5380")]
    [InlineData("8080")]
    [InlineData("51339")]
    [InlineData("stun://127.0.0.1:")]
    [InlineData("\"documentation\"|=documentation ")]
    public void AppHostAndLocalScript_UseTheSameValue(string values)
    {
        foreach (var file in new[] { "Esddns.AppHost/AppHost.cs", "eng/local.sh" })
        {
            var text = File.ReadAllText(Path.Combine(Repository.Root, file));
            Assert.True(
                values.Split('|').Any(v => text.Contains(v, StringComparison.Ordinal)),
                $"{file} lacks {values}"
            );
        }
    }

    [GeneratedRegex("WithEnvironment\\(\\s*\"((?:Esddns__|API_|TARGET_|RECORD_)\\w+)\"")]
    private static partial Regex InAppHost();

    [GeneratedRegex(@"\b((?:Esddns__|API_|TARGET_|RECORD_)\w+)=")]
    private static partial Regex InScript();
}
