using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Architecture;

/// <summary>Required properties of the generated manifests, for any change of the templates.</summary>
public sealed class ManifestTests
{
    private static readonly string s_base = Repository.Manifests("base");

    [Theory]
    [InlineData("operator")]
    [InlineData("web")]
    public async Task Pods_RequestNoPrivileges(string name)
    {
        var pod = await PodAsync(name);
        Assert.Equal(
            (true, "RuntimeDefault"),
            (pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.SeccompProfile.Type)
        );
        var container = Assert.Single(pod.Containers).SecurityContext;
        Assert.Equal(
            (false, true, null),
            (container.AllowPrivilegeEscalation, container.ReadOnlyRootFilesystem, container.Privileged)
        );
        Assert.Equal(["ALL"], container.Capabilities.Drop);
        Assert.Null(container.Capabilities.Add);
        Assert.All(pod.Volumes, v => Assert.NotNull(v.EmptyDir));
    }

    [Fact]
    public async Task Web_HasNoClusterOrHostAccess()
    {
        var pod = await PodAsync("web");
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.NotEqual(true, pod.HostNetwork);
    }

    [Theory]
    [InlineData("operator", "/alive", "/health", 8080)]
    [InlineData("web", "/alive", "/health", 51339)]
    public async Task Probes_UseTheirEndpoints(string name, string alive, string ready, int port)
    {
        var container = (await PodAsync(name)).Containers[0];
        Assert.Equal(
            (alive, alive, ready),
            (
                container.StartupProbe.HttpGet.Path,
                container.LivenessProbe.HttpGet.Path,
                container.ReadinessProbe.HttpGet.Path
            )
        );
        var probed = new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe };
        Assert.All(probed, p => Assert.Equal(container.Ports.Single().Name, p.HttpGet.Port.Value));
        Assert.Equal(port, container.Ports.Single().ContainerPort);
        Assert.True(container.Resources.Limits.ContainsKey("memory"));
    }

    [Fact]
    public async Task Operator_DoesNotUseDnsSearchDomains() =>
        Assert.Contains((await PodAsync("operator")).DnsConfig.Options, o => o is { Name: "ndots", Value: "1" });

    [Fact]
    public async Task Operator_HasThePriorityClassOfTheCluster()
    {
        var items = await Rendering.ObjectsAsync(Repository.Manifests("cluster"));
        var name = Assert.Single(items.OfType<V1PriorityClass>()).Metadata.Name;
        Assert.Equal(
            (name, null),
            ((await PodAsync("operator")).PriorityClassName, (await PodAsync("web")).PriorityClassName)
        );
    }

    /// <summary>
    /// With thousands of nodes, an update of one node at a time takes days. Kubernetes rounds a percentage up to one
    /// pod.
    /// </summary>
    [Fact]
    public async Task OperatorUpdate_ReplacesAShareOfThePodsAtATime()
    {
        var file = Path.Combine(s_base, "operator", "deployment.yaml");
        var set = Assert.IsType<V1DaemonSet>(Assert.Single(await KubernetesYaml.LoadAllFromFileAsync(file)));
        Assert.Equal("10%", set.Spec.UpdateStrategy.RollingUpdate.MaxUnavailable.Value);
    }

    /// <summary>Aspirate writes unknown secret parameters to a ConfigMap.</summary>
    [Fact]
    public void Base_ContainsNoConfigMapSecretOrToken()
    {
        foreach (var file in Directory.GetFiles(s_base, "*.yaml", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            foreach (
                var word in new[]
                {
                    "kind: ConfigMap",
                    "kind: Secret",
                    "configMapGenerator",
                    "secretGenerator",
                    "API_KEY",
                    "LiveDns",
                }
            )
                Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static async Task<V1PodSpec> PodAsync(string name) =>
        Assert.Single(await KubernetesYaml.LoadAllFromFileAsync(Path.Combine(s_base, name, "deployment.yaml"))) switch
        {
            V1DaemonSet set => set.Spec.Template.Spec,
            V1Deployment deployment => deployment.Spec.Template.Spec,
            var other => throw new InvalidOperationException($"{other} in {name}"),
        };
}
