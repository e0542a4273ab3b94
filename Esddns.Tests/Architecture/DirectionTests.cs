using System.Text.RegularExpressions;
using Esddns.Tests.Support;

namespace Esddns.Tests.Architecture;

/// <summary>The folders of the operator follow its data flow. Dependencies between them have one direction.</summary>
public sealed partial class DirectionTests
{
    /// <summary>The folders that each folder may use.</summary>
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Net"] = [],
        ["Dns"] = ["Net", "Telemetry", "Text"],
        ["Discovery"] = ["Net", "Dns", "Telemetry", "Text"],
        ["Agreement"] = ["Discovery", "Net"],
        ["State"] = ["Net", "Discovery", "Agreement", "Dns", "Telemetry", "Text"],
        ["Reconcile"] = ["Net", "Discovery", "Agreement", "Dns", "State", "Telemetry", "Text"],
        ["Api"] = ["Net", "Dns", "State", "Reconcile"],
        ["Telemetry"] = [],
        ["Text"] = [],
        ["Dns/Providers"] = ["Net", "Dns", "Telemetry", "Text", "State", "Configuration"],
        ["Notifications"] = ["Net", "Dns", "State", "Telemetry", "Text"],
        ["Systemd"] = ["Reconcile"],
        ["Configuration"] =
        [
            "Net",
            "Discovery",
            "Agreement",
            "Dns",
            "State",
            "Reconcile",
            "Api",
            "Notifications",
            "Text",
        ],
        ["Kubernetes"] =
        [
            "Net",
            "Discovery",
            "Dns",
            "Dns/Providers",
            "State",
            "Telemetry",
            "Reconcile",
            "Api",
            "Configuration",
            "Notifications",
        ],
        [""] =
        [
            "Kubernetes",
            "Net",
            "Discovery",
            "Agreement",
            "Dns",
            "Dns/Providers",
            "State",
            "Reconcile",
            "Api",
            "Telemetry",
            "Configuration",
            "Notifications",
            "Systemd",
            "Text",
        ],
    };

    [Fact]
    public void EachFolder_UsesOnlyListedFolders()
    {
        var root = Path.Combine(Repository.Root, "Esddns.Operator");
        var wrong = new List<string>();
        var seen = 0;
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(root, file);
            if (
                relative.StartsWith("obj", StringComparison.Ordinal)
                || relative.StartsWith("bin", StringComparison.Ordinal)
            )
                continue;
            var folder = relative switch
            {
                _ when relative.StartsWith("Dns/Providers/", StringComparison.Ordinal) => "Dns/Providers",
                _ when relative.Contains('/', StringComparison.Ordinal) => relative.Split('/')[0],
                _ => "",
            };
            Assert.True(s_mayUse.ContainsKey(folder), $"add {folder} to the table of this test");
            foreach (Match use in Uses().Matches(File.ReadAllText(file)))
            {
                seen++;
                var used = use.Groups[1].Value.Replace('.', '/');
                if (used != folder && !s_mayUse[folder].Contains(used))
                    wrong.Add($"{relative} uses {used}");
            }
        }

        Assert.True(seen > 50, $"only {seen} dependencies found; the search of this test is wrong");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Web_DoesNotUseTheOperator() =>
        Assert.DoesNotContain(
            typeof(Esddns.Web.WebApp).Assembly.GetReferencedAssemblies(),
            a => a.Name == "Esddns.Operator"
        );

    [GeneratedRegex(@"Esddns\.Operator\.(Dns\.Providers|[A-Z]\w+)")]
    private static partial Regex Uses();
}
