using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Esddns.Operator.Kubernetes.Client.Access;

/// <summary>The address and the credentials of a cluster.</summary>
/// <param name="Server">The API server.</param>
internal sealed record ClusterAccess(Uri Server)
{
    /// <summary>The default namespace; null when none is configured.</summary>
    public string? Namespace { get; init; }

    /// <summary>The trusted certificate authorities in PEM; null for those of the system.</summary>
    public string? Authorities { get; init; }

    /// <summary>The name in the certificate of the server; null for the host name of its address.</summary>
    public string? ServerName { get; init; }

    /// <summary>Whether the certificate of the server is not verified.</summary>
    public bool SkipsTlsVerification { get; init; }

    /// <summary>The client's certificate and key, in PEM; null when it has none.</summary>
    public (string Certificate, string Key)? Client { get; init; }

    /// <summary>The source of the <c>Authorization</c> header; null for none.</summary>
    public IRequestCredentials? Credentials { get; init; }

    /// <summary>The options for TLS.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate or key cannot be
    /// read.</exception>
    public SslClientAuthenticationOptions Tls()
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = ServerName };
        if (SkipsTlsVerification)
#pragma warning disable CA5359 // The kubeconfig explicitly requests this.
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
