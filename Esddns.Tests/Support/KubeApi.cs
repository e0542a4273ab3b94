using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

[assembly: AssemblyFixture(typeof(KubeApi))]

namespace Esddns.Tests.Support;

/// <summary>A real API server with a real etcd, shared by the tests. Each test has its own namespace.</summary>
public sealed class KubeApi : IAsyncDisposable
{
    private static readonly SemaphoreSlim s_one = new(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("esddns-kube-");
    private IKubernetes? _admin;
    private ApiClient? _client;
    private int _namespaces;

    /// <summary>The folder of the server's files.</summary>
    public string ServerFolder => Path.Combine(_folder.FullName, "server");

    /// <summary>The path of the administrator's kubeconfig.</summary>
    public string AdminConfig => Path.Combine(ServerFolder, "kubeconfig");

    /// <summary>The administrator's client.</summary>
    public IKubernetes Admin => _admin ?? throw new InvalidOperationException("Call NamespaceAsync first.");

    /// <summary>The operator's client, for the administrator.</summary>
    internal ApiClient Client => _client ?? throw new InvalidOperationException("Call NamespaceAsync first.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Scripts => Path.Combine(Repository.Root, "eng", "kubernetes");

    /// <summary>Runs kubectl as the administrator.</summary>
    public async Task<(int ExitCode, string Output)> KubectlAsync(string? input, params string[] arguments) =>
        await Tool.RunAsync(
            Path.Combine(await AssetsAsync(), "kubectl"),
            ["--kubeconfig", AdminConfig, "--cache-dir", Path.Combine(_folder.FullName, "kubectl"), .. arguments],
            input
        );

    /// <summary>Restarts the API server; etcd keeps running.</summary>
    public async Task RestartAsync() => await ScriptAsync("apiserver", "restart", ServerFolder);

    /// <summary>Compacts etcd to the newest revision, through the API of etcd.</summary>
    public async Task CompactAsync()
    {
        var pki = Path.Combine(ServerFolder, "pki");
        using var certificate = X509Certificate2.CreateFromPemFile(
            Path.Combine(pki, "etcd-client.crt"),
            Path.Combine(pki, "etcd-client.key")
        );
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.ImportFromPemFile(Path.Combine(pki, "etcd-ca.crt"));
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
                CertificateChainPolicy = trust,
            },
        };
        var port = (await File.ReadAllTextAsync(Path.Combine(ServerFolder, "ports"), Cancel)).Split(' ')[0];
        using var etcd = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };
        var newest = (await Admin.CoreV1.ListNodeAsync(cancellationToken: Cancel)).Metadata.ResourceVersion;
        using var answer = await etcd.PostAsJsonAsync(
            new Uri("/v3/kv/compaction", UriKind.Relative),
            new { revision = newest, physical = true },
            Cancel
        );
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Applies the cluster-scoped manifests and waits until the server serves the kind.</summary>
    public async Task<(int ExitCode, string Output)> ApplyClusterAsync()
    {
        // A server without CEL (before 1.25) drops the unknown field; with validation, kubectl rejects it.
        var applied = await KubectlAsync(null, "apply", "--validate=false", "-k", Repository.Manifests("cluster"));
        return applied.ExitCode != 0
            ? applied
            : await KubectlAsync(
                null,
                "wait",
                "--for=condition=Established",
                "--timeout=600s",
                "crd/dynamicrecords.esddns.io"
            );
    }

    /// <summary>Creates a namespace with the roles of the manifests.</summary>
    /// <param name="withoutRule">Selects the rules to leave out; null for none.</param>
    internal async Task<KubeNamespace> NamespaceAsync(Func<V1PolicyRule, bool>? withoutRule = null)
    {
        await StartAsync();
        var name = $"esddns-{Interlocked.Increment(ref _namespaces)}";
        await Admin.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } });
        foreach (
            var item in await ManifestsAsync("rbac/serviceaccounts.yaml", "rbac/clusterrole.yaml", "rbac/role.yaml")
        )
        {
            switch (item)
            {
                case V1ServiceAccount account:
                    await Admin.CoreV1.CreateNamespacedServiceAccountAsync(account, name);
                    break;
                case V1ClusterRole role:
                    role.Metadata.Name = $"esddns-operator:{name}";
                    role.Rules = [.. role.Rules.Where(r => withoutRule?.Invoke(r) != true)];
                    await Admin.RbacAuthorizationV1.CreateClusterRoleAsync(role);
                    break;
                case V1ClusterRoleBinding binding:
                    binding.Metadata.Name = binding.RoleRef.Name = $"esddns-operator:{name}";
                    binding.Subjects[0].NamespaceProperty = name;
                    await Admin.RbacAuthorizationV1.CreateClusterRoleBindingAsync(binding);
                    break;
                case V1Role role:
                    role.Rules = [.. role.Rules.Where(r => withoutRule?.Invoke(r) != true)];
                    await Admin.RbacAuthorizationV1.CreateNamespacedRoleAsync(role, name);
                    break;
                case V1RoleBinding binding:
                    binding.Subjects[0].NamespaceProperty = name;
                    await Admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(binding, name);
                    break;
                default:
                    Assert.Fail($"{item.GetType().Name} in the manifests is not supported by KubeApi");
                    break;
            }
        }

        return new KubeNamespace(this, name, await ConfigAsync(name));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        _client?.Dispose();
        _folder.Refresh();
        if (Directory.Exists(ServerFolder))
            await ScriptAsync("apiserver", "down", ServerFolder);
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }

    private static async Task<IEnumerable<object>> ManifestsAsync(params string[] files)
    {
        var all = new List<object>();
        foreach (var file in files)
            all.AddRange(await KubernetesYaml.LoadAllFromFileAsync(Repository.Manifests("components", file)));
        return all;
    }

    private async Task StartAsync()
    {
        await s_one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_admin is not null)
                return;
            await AssetsAsync();
            await ScriptAsync("apiserver", "up", ServerFolder);
            _admin = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(AdminConfig));
            var options = new KubernetesOptions
            {
                Kubeconfig = AdminConfig,
                Namespace = "default",
                PodName = "tests",
                NodeName = "tests",
            };
            _client = ClusterClient.Create(options, TimeProvider.System);
            var (exitCode, output) = await ApplyClusterAsync();
            Assert.True(exitCode == 0, output);
        }
        finally
        {
            s_one.Release();
        }
    }

    /// <summary>The folder of the programs. Only CI builds them, because the build takes minutes.</summary>
    private static async Task<string> AssetsAsync()
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } given)
            return given;
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } c
            ? c
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var assets = Path.Combine(cache, "esddns-kube", "assets");
        if (File.Exists(Path.Combine(assets, "kube-apiserver")) && File.Exists(Path.Combine(assets, "kubectl")))
            return assets;
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("kube-apiserver is missing: run eng/kubernetes/build once, or set KUBEBUILDER_ASSETS");
        return (await ScriptAsync("build")).Trim().Split('\n')[^1];
    }

    /// <summary>Writes a kubeconfig with the token of the operator's service account.</summary>
    private async Task<string> ConfigAsync(string @namespace)
    {
        // Longer than the one hour of a pod's token: kubelet replaces that token in time, but tests can run for hours.
        var wanted = new V1TokenRequestSpec
        {
            Audiences = ["https://kubernetes.default.svc"],
            ExpirationSeconds = 86_400,
        };
        var token = await Admin.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            new Authenticationv1TokenRequest { Spec = wanted },
            "esddns-operator",
            @namespace
        );
        var admin = KubernetesClientConfiguration.LoadKubeConfig(AdminConfig);
        var cluster = admin.Clusters.Single().ClusterEndpoint;
        var file = Path.Combine(_folder.FullName, $"{@namespace}.kubeconfig");
        await File.WriteAllTextAsync(
            file,
            $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"test",
             "clusters":[{"name":"test","cluster":{"server":"{{{cluster.Server}}}",
                          "certificate-authority-data":"{{{cluster.CertificateAuthorityData}}}"}}],
             "users":[{"name":"operator","user":{"token":"{{{token.Status.Token}}}"}}],
             "contexts":[{"name":"test","context":{"cluster":"test","user":"operator","namespace":"{{{@namespace}}}"}}]}
            """,
            Encoding.UTF8
        );
        return file;
    }

    private static async Task<string> ScriptAsync(string script, params string[] arguments)
    {
        using var process = Tool.Start(Path.Combine(Scripts, script), arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        // The started servers do not inherit the streams of the script, so both streams end with the script.
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"eng/kubernetes/{script} failed: {await errors}");
        return await output;
    }
}
