using System.Security.Cryptography;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Access;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// The client of the API server: the pod's service account, whose token file rotates, or a kubeconfig.
/// </summary>
internal static class ClusterClient
{
    /// <summary>Connections that fall silent are given up on in half of this.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(20);

    /// <summary>Makes it.</summary>
    /// <exception cref="InvalidDataException">What describes the access cannot be understood.</exception>
    public static ApiClient Create(KubernetesOptions options, TimeProvider time)
    {
        var access = Access(options.Kubeconfig, time);
#pragma warning disable CA2000 // The client disposes of them, and is disposed of by the container.
        var connections = new SocketsHttpHandler
        {
            // Each watch is a stream that stays: a connection takes a hundred or so, and the Lease must not wait.
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = s_silence / 4,
            KeepAlivePingDelay = s_silence / 2,
            KeepAlivePingTimeout = s_silence / 2,
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

    /// <summary>The access that the kubeconfig describes, or without one the service account of the pod.</summary>
    /// <exception cref="InvalidDataException">It cannot be understood.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
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
