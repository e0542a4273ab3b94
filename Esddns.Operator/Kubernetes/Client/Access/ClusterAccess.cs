using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Esddns.Operator.Kubernetes.Client.Access;

/// <summary>How a cluster is reached, and as whom.</summary>
/// <param name="Server">The API server.</param>
internal sealed record ClusterAccess(Uri Server)
{
    /// <summary>The namespace to be in; null when none is named.</summary>
    public string? Namespace { get; init; }

    /// <summary>The certificates of authorities in PEM; null for those of the system.</summary>
    public string? Authorities { get; init; }

    /// <summary>The name in the server's certificate, where it is not that of its address.</summary>
    public string? ServerName { get; init; }

    /// <summary>Whether the server's certificate is not looked at.</summary>
    public bool IsUnchecked { get; init; }

    /// <summary>The client's certificate and key, in PEM; null when it has none.</summary>
    public (string Certificate, string Key)? Client { get; init; }

    /// <summary>The <c>Authorization</c> of requests; null when they have none.</summary>
    public IRequestCredentials? Credentials { get; init; }

    /// <summary>The same for TLS.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate or key cannot be
    /// read.</exception>
    public SslClientAuthenticationOptions Tls()
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = ServerName };
        if (IsUnchecked)
#pragma warning disable CA5359 // The kubeconfig asks for it, in so many words.
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        else if (Authorities is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.ImportFromPem(Authorities);
        }

        if (Client is var (certificate, key))
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPem(certificate, key),
                additionalCertificates: null,
                offline: true
            );
        return tls;
    }
}
