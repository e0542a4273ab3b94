using k8s;
using k8s.Models;

namespace Esddns.Tests.Support;

/// <summary>The objects that kubectl renders from the manifests.</summary>
internal static class Rendering
{
    private static readonly string s_kubectl = Tool.Require("kubectl", "kubernetes-client");

    /// <summary>The objects of a folder; fails on a field that Kubernetes 1.37 does not know.</summary>
    public static async Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> ObjectsAsync(string folder) =>
        [
            .. KubernetesYaml
                .LoadAllFromString(await TextAsync(folder), strict: true)
                .Cast<IKubernetesObject<V1ObjectMeta>>(),
        ];

    /// <summary>The objects of an overlay.</summary>
    public static Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> OverlayAsync(string name) =>
        ObjectsAsync(Repository.Manifests("overlays", name));

    /// <summary>The objects of an overlay with more components.</summary>
    public static async Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> OverlayAsync(
        string name,
        string more,
        string? @namespace = null
    )
    {
        var folder = Directory.CreateTempSubdirectory("esddns-overlay-");
        var manifests = Path.GetRelativePath(folder.FullName, Repository.Manifests());
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "kustomization.yaml"),
            $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            {(@namespace is null ? "" : $"namespace: {@namespace}")}
            resources: [{manifests}/overlays/{name}]
            components: [{string.Join(", ", more.Split(' ').Select(c => $"{manifests}/components/{c}"))}]
            transformers: [{manifests}/components/rbac/by-installation]
            """,
            TestContext.Current.CancellationToken
        );
        try
        {
            return await ObjectsAsync(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The YAML of a folder.</summary>
    public static async Task<string> TextAsync(string folder)
    {
        var (exitCode, output) = await Tool.RunAsync(s_kubectl, ["kustomize", folder]);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
