using System.Net;
using k8s;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// The client of the API server: the pod's service account, whose token file rotates, or a kubeconfig.
/// </summary>
internal static class ClusterClient
{
    /// <summary>Connections that fall silent are given up on in half of this.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(20);

    /// <summary>Makes it.</summary>
    public static IKubernetes Create(KubernetesOptions options, TimeProvider time)
    {
        var configuration = options.Kubeconfig is { } file
            ? KubernetesClientConfiguration.BuildConfigFromConfigFile(file)
            : KubernetesClientConfiguration.InClusterConfig();
        configuration.UserAgent = $"esddns/{typeof(ClusterClient).Assembly.GetName().Version?.ToString(3)}";
        configuration.FirstMessageHandlerSetup = handler =>
        {
            // Each watch is a stream that stays: a connection takes a hundred or so, and the Lease must not wait.
            handler.EnableMultipleHttp2Connections = true;
            handler.ConnectTimeout = s_silence / 4;
            handler.KeepAlivePingDelay = s_silence / 2;
            handler.KeepAlivePingTimeout = s_silence / 2;
        };
        return new k8s.Kubernetes(configuration, new RequestLimitHandler(time));
    }

    /// <summary>Whether the API server answered with this status.</summary>
    public static bool Says(this Exception e, HttpStatusCode status) =>
        e is k8s.Autorest.HttpOperationException { Response.StatusCode: var said } && said == status;

    /// <summary>What went wrong, in one line for people.</summary>
    public static string Explain(this Exception e) =>
        e switch
        {
            k8s.Autorest.HttpOperationException { Response: { } response } => Message(response.Content)
                is { Length: > 0 } message
                ? $"{(int)response.StatusCode}: {message}"
                : $"the API server answered {(int)response.StatusCode}",
            HttpRequestException { InnerException: { } inner } => inner.Message,
            _ => e.Message,
        };

    private static string? Message(string? body)
    {
        try
        {
            return string.IsNullOrEmpty(body) ? null : KubernetesJson.Deserialize<k8s.Models.V1Status>(body)?.Message;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
