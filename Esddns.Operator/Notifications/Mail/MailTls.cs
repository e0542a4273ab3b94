using System.Net.Security;

namespace Esddns.Operator.Notifications.Mail;

/// <summary>
/// The TLS settings of mail. The certificate must be valid for the host; the system's store, or
/// <c>SSL_CERT_FILE</c>, names the trusted authorities.
/// </summary>
internal sealed class MailTls
{
    /// <summary>Changes the settings of a connection; for tests.</summary>
    public Action<SslClientAuthenticationOptions>? Configure { get; init; }

    /// <summary>The settings for a connection to this host.</summary>
    public SslClientAuthenticationOptions For(string host)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        Configure?.Invoke(options);
        return options;
    }
}
