using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Architecture;

/// <summary>
/// Removing one installation must not affect the others or any DynamicRecord. Shared objects are in no installation.
/// </summary>
public sealed class InstallationTests
{
    [Theory]
    [InlineData("development", "esddns-dev")]
    [InlineData("production", "esddns-system")]
    public async Task Overlay_ContainsOnlyItsOwnObjects(string overlay, string @namespace)
    {
        var items = await Rendering.OverlayAsync(overlay);
        Assert.DoesNotContain(items, i => i is V1CustomResourceDefinition);
        Assert.All(items, i => Assert.True(IsOf(i, @namespace), $"{i.Kind} {i.Metadata.Name}"));
        var role = Assert.Single(items.OfType<V1ClusterRole>());
        var binding = Assert.Single(items.OfType<V1ClusterRoleBinding>());
        Assert.Equal(role.Metadata.Name, binding.RoleRef.Name);
        var subject = Assert.Single(binding.Subjects);
        Assert.Equal(("esddns-operator", @namespace), (subject.Name, subject.NamespaceProperty));
    }

    [Fact]
    public async Task OverlayWithItsOwnNamespace_SharesNoObjects()
    {
        var items = await Rendering.OverlayAsync("production", "without-host-network", "mine");
        Assert.All(items, i => Assert.True(IsOf(i, "mine"), $"{i.Kind} {i.Metadata.Name}"));
    }

    [Fact]
    public async Task Overlays_ShareNoNameInTheCluster()
    {
        var names = new List<string>();
        foreach (var overlay in new[] { "development", "production" })
            names.AddRange(
                (await Rendering.OverlayAsync(overlay))
                    .Where(i => i.Metadata.NamespaceProperty is null)
                    .Select(i => $"{i.Kind} {i.Metadata.Name}")
            );
        Assert.Equal(6, names.Count);
        Assert.Equal(names, names.Distinct());
    }

    /// <summary>Pods in the host's network share the ports of their node.</summary>
    [Fact]
    public async Task Overlays_UseDifferentPortsOfTheNodes()
    {
        var ports = new List<int>();
        foreach (var overlay in new[] { "development", "production" })
        {
            var items = await Rendering.OverlayAsync(overlay);
            var pod = Assert.Single(items.OfType<V1DaemonSet>()).Spec.Template.Spec;
            var port = Assert.Single(Assert.Single(pod.Containers).Ports);
            Assert.Equal($"{port.ContainerPort}", pod.Containers[0].Env.Single(e => e.Name == "HTTP_PORTS").Value);
            Assert.Equal(port.Name, items.OfType<V1Service>().Single(OfOperator).Spec.Ports[0].TargetPort.Value);
            var allowed = items.OfType<V1NetworkPolicy>().Single(i => i.Metadata.Name == "esddns-service");
            Assert.Equal($"{port.ContainerPort}", allowed.Spec.Egress[0].Ports[0].Port.Value);
            ports.Add(port.ContainerPort);
        }

        Assert.Equal([18080, 8080], ports);
    }

    /// <summary>The page of a trial is not public. The load balancer of production is documented.</summary>
    [Theory]
    [InlineData("development", "ClusterIP", 51339)]
    [InlineData("production", "LoadBalancer", 80)]
    public async Task Page_IsReachableAsDocumented(string overlay, string type, int port)
    {
        var service = (await Rendering.OverlayAsync(overlay)).OfType<V1Service>().Single(s => !OfOperator(s)).Spec;
        Assert.Equal((type, port), (service.Type, Assert.Single(service.Ports).Port));
    }

    [Fact]
    public async Task SourceRanges_LimitTheLoadBalancer()
    {
        var items = await Rendering.OverlayAsync("production", "source-ranges");
        var service = items.OfType<V1Service>().Single(s => !OfOperator(s)).Spec;
        Assert.Equal(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], service.LoadBalancerSourceRanges);
    }

    [Fact]
    public async Task Cluster_ContainsTheKindAndSharedRoles()
    {
        var items = await Rendering.ObjectsAsync(Repository.Manifests("cluster"));
        Assert.All(items, i => Assert.Null(i.Metadata.NamespaceProperty));
        Assert.Single(items.OfType<V1CustomResourceDefinition>());
        Assert.NotEqual(true, Assert.Single(items.OfType<V1PriorityClass>()).GlobalDefault);
        Assert.Equal(items.Count - 2, items.OfType<V1ClusterRole>().Count());
    }

    [Theory]
    [InlineData("view", "get,list,watch")]
    [InlineData("edit", "create,delete,deletecollection,get,list,patch,update,watch")]
    [InlineData("admin", "create,delete,deletecollection,get,list,patch,update,watch")]
    public async Task Cluster_AddsTheKindToTheUserRoles(string role, string verbs)
    {
        var added = (await Rendering.ObjectsAsync(Repository.Manifests("cluster")))
            .OfType<V1ClusterRole>()
            .Where(r => r.GetLabel($"rbac.authorization.k8s.io/aggregate-to-{role}") == "true")
            .SelectMany(r => r.Rules)
            .ToArray();
        Assert.All(added, r => Assert.Equal(["dynamicrecords"], r.Resources));
        Assert.Equal(verbs, string.Join(',', added.SelectMany(r => r.Verbs).Order(StringComparer.Ordinal)));
    }

    /// <summary>Kubernetes 1.20 does not support CEL, so the end-to-end test applies manifests without it.</summary>
    [Fact]
    public async Task WithoutCelComponent_RemovesAllCelRules()
    {
        var text = await Rendering.TextAsync(Path.Combine(Repository.Root, "eng", "e2e", "cluster"));
        Assert.DoesNotContain("x-kubernetes-validations", text, StringComparison.Ordinal);
    }

    /// <summary>Whether an object is in the namespace, is the namespace, or is cluster-scoped with its name.</summary>
    private static bool IsOf(IKubernetesObject<V1ObjectMeta> item, string @namespace) =>
        item switch
        {
            V1Namespace => item.Metadata.Name == @namespace,
            V1ClusterRole or V1ClusterRoleBinding => item.Metadata.Name == $"esddns-operator:{@namespace}",
            _ => item.Metadata.NamespaceProperty == @namespace,
        };

    private static bool OfOperator(V1Service service) => service.Metadata.Name == "esddns-operator";
}
