using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Architecture;

/// <summary>
/// Removing one installation must not affect the others or any DynamicRecord. Shared objects are in no installation.
/// </summary>
public sealed class InstallationTests
{
    private static readonly string s_kubectl = Tool.Require("kubectl", "kubernetes-client");

    [Theory]
    [InlineData("development", "esddns-dev")]
    [InlineData("production", "esddns-system")]
    public async Task Overlay_ContainsOnlyItsOwnObjects(string overlay, string @namespace)
    {
        var items = await RenderAsync(Repository.Manifests("overlays", overlay));
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
        var folder = Directory.CreateTempSubdirectory("esddns-overlay-");
        var manifests = Path.GetRelativePath(folder.FullName, Repository.Manifests());
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "kustomization.yaml"),
            $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: mine
            resources: [{manifests}/overlays/production]
            transformers: [{manifests}/components/rbac/by-installation]
            """,
            TestContext.Current.CancellationToken
        );
        var items = await RenderAsync(folder.FullName);
        Assert.All(items, i => Assert.True(IsOf(i, "mine"), $"{i.Kind} {i.Metadata.Name}"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Cluster_ContainsTheKindAndSharedRoles()
    {
        var items = await RenderAsync(Repository.Manifests("cluster"));
        Assert.All(items, i => Assert.Null(i.Metadata.NamespaceProperty));
        Assert.Single(items.OfType<V1CustomResourceDefinition>());
        Assert.Equal(items.Count - 1, items.OfType<V1ClusterRole>().Count());
    }

    [Theory]
    [InlineData("view", "get,list,watch")]
    [InlineData("edit", "create,delete,deletecollection,get,list,patch,update,watch")]
    [InlineData("admin", "create,delete,deletecollection,get,list,patch,update,watch")]
    public async Task Cluster_AddsTheKindToTheUserRoles(string role, string verbs)
    {
        var added = (await RenderAsync(Repository.Manifests("cluster")))
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
        var text = await TextAsync(Path.Combine(Repository.Root, "eng", "e2e", "cluster"));
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

    private static async Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> RenderAsync(string folder) =>
        [.. KubernetesYaml.LoadAllFromString(await TextAsync(folder)).Cast<IKubernetesObject<V1ObjectMeta>>()];

    private static async Task<string> TextAsync(string folder)
    {
        var (exitCode, output) = await Tool.RunAsync(s_kubectl, ["kustomize", folder]);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
