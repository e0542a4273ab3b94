using System.Security.Cryptography;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Access;

namespace Esddns.Operator.Kubernetes;

/// <summary>Creates the client of the API server, from the pod's service account or from a kubeconfig.</summary>
internal static class ClusterClient
{
    /// <summary>
    /// A connection without traffic is closed after this time: half until a ping, half for its answer.
    /// </summary>
    private static readonly TimeSpan s_idleTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Creates the client.</summary>
    /// <exception cref="InvalidDataException">The kubeconfig, or a file of the service account, cannot be
    /// parsed.</exception>
    public static ApiClient Create(KubernetesOptions options, TimeProvider time)
    {
        var access = Access(options.Kubeconfig, time);
#pragma warning disable CA2000 // The client disposes of the handlers, and the container of the client.
        var connections = new SocketsHttpHandler
        {
            // A watch keeps its stream open. A connection has about a hundred streams, and the Lease must not wait.
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = s_idleTimeout / 4,
            KeepAlivePingDelay = s_idleTimeout / 2,
            KeepAlivePingTimeout = s_idleTimeout / 2,
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = Tls(access),
        };
        var http = new HttpClient(new RequestLimitHandler(time) { InnerHandler = connections })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
#pragma warning restore CA2000
        var version = typeof(ClusterClient).Assembly.GetName().Version?.ToString(3);
        http.DefaultRequestHeaders.UserAgent.ParseAdd($"esddns/{version}");
        return new ApiClient(http, access.Server, access.Credentials);
    }

    /// <summary>Reads the access from the kubeconfig, or without one from the pod's service account.</summary>
    /// <exception cref="InvalidDataException">A file cannot be parsed.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ClusterAccess Access(string? kubeconfig, TimeProvider time) =>
        kubeconfig is null ? ServiceAccount.Read(time) : Kubeconfig.Read(kubeconfig, time);

    private static System.Net.Security.SslClientAuthenticationOptions Tls(ClusterAccess access)
    {
        try
        {
            return access.Tls();
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"a certificate or key for the cluster cannot be read: {e.Message}");
        }
    }
}
