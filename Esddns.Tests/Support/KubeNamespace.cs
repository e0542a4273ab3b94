using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Simulator;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Support;

/// <summary>The namespace of one test on the API server.</summary>
internal sealed record KubeNamespace(KubeApi Api, string Name, string Kubeconfig)
{
    /// <summary>The administrator's client.</summary>
    public IKubernetes Admin => Api.Admin;

    /// <summary>The operator's client, for the administrator.</summary>
    public ApiClient Client => Api.Client;

    /// <summary>
    /// The settings of an operator in the namespace. The Lease has its default times, which also a machine under load
    /// can meet.
    /// </summary>
    public Action<Dictionary<string, string?>> Settings(
        string pod,
        string? node = null,
        Action<Dictionary<string, string?>>? more = null
    ) =>
        settings =>
        {
            settings["Esddns:Kubernetes:Kubeconfig"] = Kubeconfig;
            settings["Esddns:Kubernetes:Namespace"] = Name;
            settings["Esddns:Kubernetes:WatchNamespace"] = Name;
            settings["Esddns:Kubernetes:PodName"] = pod;
            settings["Esddns:Kubernetes:NodeName"] = node ?? $"{Name}-{pod}";
            more?.Invoke(settings);
        };

    /// <summary>The settings without a configured record.</summary>
    public Action<Dictionary<string, string?>> WithoutRecord(
        string pod,
        string? node = null,
        Action<Dictionary<string, string?>>? more = null
    ) =>
        Settings(
            pod,
            node,
            settings =>
            {
                settings.Remove("Esddns:Records:0:Zone");
                settings.Remove("Esddns:Records:0:Name");
                more?.Invoke(settings);
            }
        );

    /// <summary>Starts an operator in this process.</summary>
    public static Task<OperatorRun> StartAsync(SimulatorHost simulator, Action<Dictionary<string, string?>> settings) =>
        OperatorRun.StartAsync(simulator, settings);

    /// <summary>Applies an object from YAML.</summary>
    public async Task ApplyAsync(string yaml)
    {
        var (exitCode, output) = await Api.KubectlAsync(yaml, "apply", "--namespace", Name, "-f", "-");
        Assert.True(exitCode == 0, output);
    }

    /// <summary>Applies a DynamicRecord.</summary>
    public Task RecordAsync(string name, string spec, string metadata = "") =>
        ApplyAsync(
            $$"""
            apiVersion: esddns.io/v1alpha1
            kind: DynamicRecord
            metadata: {name: {{name}}{{(metadata.Length > 0 ? ", " : "")}}{{metadata}}}
            spec: {{spec}}
            """
        );

    /// <summary>Reads a DynamicRecord.</summary>
    public Task<DynamicRecord> RecordAsync(string name) =>
        Admin.CustomObjects.GetNamespacedCustomObjectAsync<DynamicRecord>(
            DynamicRecord.Group,
            DynamicRecord.Version,
            Name,
            DynamicRecord.Plural,
            name
        );

    /// <summary>The status (True, False, Unknown or empty) and the reason of a condition.</summary>
    public async Task<string> ConditionAsync(string name, string type) =>
        (await RecordAsync(name)).Status?.Conditions?.FirstOrDefault(c => c.Type == type) is { } c
            ? $"{c.Status} {c.Reason}"
            : "";

    /// <summary>Creates a Ready node, with addresses such as <c>ExternalIP=192.0.2.1</c>.</summary>
    public async Task NodeAsync(string name, IEnumerable<string> addresses, string? label = null)
    {
        await Admin.CoreV1.CreateNodeAsync(
            new V1Node
            {
                Metadata = new V1ObjectMeta
                {
                    Name = name,
                    Labels = new Dictionary<string, string> { ["test"] = label ?? Name },
                },
            }
        );
        await NodeStatusAsync(name, addresses);
    }

    /// <summary>Sets the addresses and readiness of a node, as kubelet or a cloud controller does.</summary>
    public Task NodeStatusAsync(string name, IEnumerable<string> addresses, bool isReady = true) =>
        Admin.CoreV1.PatchNodeStatusAsync(
            new V1Patch(
                new
                {
                    status = new
                    {
                        addresses = addresses
                            .Select(a => a.Split('='))
                            .Select(a => new { type = a[0], address = a[1] })
                            .ToArray(),
                        conditions = new[]
                        {
                            new
                            {
                                type = "Ready",
                                status = isReady ? "True" : "False",
                                reason = "Test",
                                message = "",
                                lastHeartbeatTime = "2026-01-01T00:00:00Z",
                                lastTransitionTime = "2026-01-01T00:00:00Z",
                            },
                        },
                    },
                },
                V1Patch.PatchType.MergePatch
            ),
            name
        );

    /// <summary>Sets the load-balancer addresses of a Service, as a cloud controller does.</summary>
    public Task IngressAsync(string name, params string[] addresses) =>
        Admin.CoreV1.PatchNamespacedServiceStatusAsync(
            new V1Patch(
                new
                {
                    status = new { loadBalancer = new { ingress = addresses.Select(a => new { ip = a }).ToArray() } },
                },
                V1Patch.PatchType.MergePatch
            ),
            name,
            Name
        );
}
