using MailKit;
using MailKit.Net.Smtp;

namespace Esddns.Operator.Notifications.Mail;

/// <summary>
/// Limits what a mail server can send on one connection. MailKit collects a reply without a limit, and shows each part
/// that it reads to a protocol logger. This one logs nothing.
/// </summary>
internal sealed class ReplyLimit : IProtocolLogger
{
    /// <summary>The most bytes of all replies; those of a usual connection have less than 2 KiB.</summary>
    public const int MaxBytes = 128 * 1024;

    private int _bytes;

    /// <inheritdoc/>
    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    /// <inheritdoc/>
    public void LogConnect(Uri uri)
    {
        // Nothing is logged.
    }

    /// <inheritdoc/>
    public void LogClient(byte[] buffer, int offset, int count)
    {
        // Nothing is logged.
    }

    /// <inheritdoc/>
    /// <exception cref="SmtpProtocolException">The server sent more than <see cref="MaxBytes"/>.</exception>
    public void LogServer(byte[] buffer, int offset, int count)
    {
        _bytes += count;
        if (_bytes > MaxBytes)
            throw new SmtpProtocolException("The replies are too long.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It has no resources.
    }
}
