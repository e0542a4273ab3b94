using Esddns.Operator.Kubernetes.Client;
using k8s;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// The client of the API server: the pod's service account, whose token file rotates, or a kubeconfig. The library
/// reads them, and makes the connection; all else is <see cref="ApiClient"/>, which native code allows.
/// </summary>
internal static class ClusterClient
{
    /// <summary>Connections that fall silent are given up on in half of this.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(20);

    /// <summary>Makes it.</summary>
    public static ApiClient Create(KubernetesOptions options, TimeProvider time)
    {
        var configuration = Configuration(options.Kubeconfig);
        configuration.UserAgent = $"esddns/{typeof(ClusterClient).Assembly.GetName().Version?.ToString(3)}";
        configuration.FirstMessageHandlerSetup = handler =>
        {
            // Each watch is a stream that stays: a connection takes a hundred or so, and the Lease must not wait.
            handler.EnableMultipleHttp2Connections = true;
            handler.ConnectTimeout = s_silence / 4;
            handler.KeepAlivePingDelay = s_silence / 2;
            handler.KeepAlivePingTimeout = s_silence / 2;
        };
#pragma warning disable CA2000 // It owns the HTTP client, which the ApiClient disposes of.
        var connection = new k8s.Kubernetes(configuration, new RequestLimitHandler(time));
#pragma warning restore CA2000
        return new ApiClient(
            connection.HttpClient,
            connection.BaseUri,
            connection.Credentials is { } credentials ? credentials.ProcessHttpRequestAsync : null
        );
    }

    /// <summary>What the kubeconfig says, or the service account of the pod when there is none.</summary>
    public static KubernetesClientConfiguration Configuration(string? kubeconfig) =>
        kubeconfig is null
            ? KubernetesClientConfiguration.InClusterConfig()
            : KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
}
