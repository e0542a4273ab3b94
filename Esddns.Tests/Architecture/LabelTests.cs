using System.Text.RegularExpressions;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Architecture;

/// <summary>
/// The labels that Kubernetes recommends, and the selectors, which nobody can change after the installation.
/// </summary>
public sealed partial class LabelTests
{
    private const string Prefix = "app.kubernetes.io/";

    private static readonly string s_version = Version()
        .Match(Repository.Read("Directory.Build.props"))
        .Groups[1]
        .Value;

    [Theory]
    [InlineData("development", "esddns-dev")]
    [InlineData("production", "esddns-system")]
    public async Task Overlay_LabelsEachObjectAndPod(string overlay, string @namespace)
    {
        foreach (var item in await Rendering.OverlayAsync(overlay))
        {
            var labels = Recommended(item.Metadata.Labels);
            Assert.True(labels.TryGetValue("name", out var name), $"{item.Kind} {item.Metadata.Name}");
            Assert.Equal(Expected(name!, @namespace, s_version), labels);
            if (PodOf(item) is { } pod)
                Assert.Equal(Expected(name!, @namespace, version: null), Recommended(pod.Metadata.Labels));
        }
    }

    [Fact]
    public async Task Cluster_LabelsEachObject()
    {
        foreach (var item in await Rendering.ObjectsAsync(Repository.Manifests("cluster")))
            Assert.Equal(Expected("esddns", @namespace: null, s_version), Recommended(item.Metadata.Labels));
    }

    /// <summary>
    /// Kubernetes refuses an update that changes the selector of a workload. These are from version 0.1.0.
    /// </summary>
    [Theory]
    [InlineData("development")]
    [InlineData("production")]
    public async Task Selectors_StayAsInTheFirstVersion(string overlay)
    {
        var selectors = (await Rendering.OverlayAsync(overlay))
            .Select(i => (i, Selector: SelectorOf(i)))
            .Where(s => s.Selector is not null)
            .Select(s => $"{s.i.Kind} {s.i.Metadata.Name}: {string.Join(',', s.Selector!)}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "DaemonSet esddns-operator-daemon: [app, esddns-operator]",
                "Deployment esddns-service: [app, esddns-service]",
                "Service esddns-operator: [app, esddns-operator]",
                "Service esddns-service: [app, esddns-service]",
            ],
            selectors
        );
    }

    /// <summary>The names of an installation tell its component; a shared object has none.</summary>
    private static SortedDictionary<string, string> Expected(string name, string? @namespace, string? version)
    {
        var labels = new SortedDictionary<string, string> { ["name"] = name, ["part-of"] = "esddns" };
        if (name != "esddns")
            labels["component"] = name == "esddns-operator" ? "operator" : "web";
        if (@namespace is not null)
            labels["instance"] = @namespace;
        if (version is not null)
            labels["version"] = version;
        return labels;
    }

    private static SortedDictionary<string, string> Recommended(IDictionary<string, string>? labels) =>
        new(
            (labels ?? new Dictionary<string, string>())
                .Where(l => l.Key.StartsWith(Prefix, StringComparison.Ordinal))
                .ToDictionary(l => l.Key[Prefix.Length..], l => l.Value)
        );

    private static V1PodTemplateSpec? PodOf(IKubernetesObject item) =>
        item switch
        {
            V1DaemonSet set => set.Spec.Template,
            V1Deployment deployment => deployment.Spec.Template,
            _ => null,
        };

    private static IDictionary<string, string>? SelectorOf(IKubernetesObject item) =>
        item switch
        {
            V1DaemonSet set => set.Spec.Selector.MatchLabels,
            V1Deployment deployment => deployment.Spec.Selector.MatchLabels,
            V1Service service => service.Spec.Selector,
            _ => null,
        };

    [GeneratedRegex("<VersionPrefix>(.*)</VersionPrefix>")]
    private static partial Regex Version();
}
