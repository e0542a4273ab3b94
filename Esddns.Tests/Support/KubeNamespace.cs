using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Simulator;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Support;

/// <summary>One test's part of the API server.</summary>
internal sealed record KubeNamespace(KubeApi Api, string Name, string Kubeconfig)
{
    /// <summary>The administrator's client.</summary>
    public IKubernetes Admin => Api.Admin;

    /// <summary>The operator's client, for the administrator.</summary>
    public ApiClient Client => Api.Client;

    /// <summary>
    /// Settings of an operator in it. The times of its Lease are the default ones: a machine under load keeps them.
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

    /// <summary>Settings without a record of its own.</summary>
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

    /// <summary>Makes an object from YAML.</summary>
    public async Task ApplyAsync(string yaml)
    {
        var (exitCode, output) = await Api.KubectlAsync(yaml, "apply", "--namespace", Name, "-f", "-");
        Assert.True(exitCode == 0, output);
    }

    /// <summary>Makes a DynamicRecord.</summary>
    public Task RecordAsync(string name, string spec, string metadata = "") =>
        ApplyAsync(
            $$"""
            apiVersion: esddns.io/v1alpha1
            kind: DynamicRecord
            metadata: {name: {{name}}{{(metadata.Length > 0 ? ", " : "")}}{{metadata}}}
            spec: {{spec}}
            """
        );

    /// <summary>A DynamicRecord as it is now.</summary>
    public Task<DynamicRecord> RecordAsync(string name) =>
        Admin.CustomObjects.GetNamespacedCustomObjectAsync<DynamicRecord>(
            DynamicRecord.Group,
            DynamicRecord.Version,
            Name,
            DynamicRecord.Plural,
            name
        );

    /// <summary>The status of a condition: True, False, Unknown or nothing, with its reason.</summary>
    public async Task<string> ConditionAsync(string name, string type) =>
        (await RecordAsync(name)).Status?.Conditions?.FirstOrDefault(c => c.Type == type) is { } c
            ? $"{c.Status} {c.Reason}"
            : "";

    /// <summary>Makes a Ready node, with addresses as <c>ExternalIP=192.0.2.1</c>.</summary>
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

    /// <summary>Sets a node's addresses and readiness, as a kubelet or cloud does.</summary>
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

    /// <summary>Sets the addresses of a Service's load balancer, as a cloud does.</summary>
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
