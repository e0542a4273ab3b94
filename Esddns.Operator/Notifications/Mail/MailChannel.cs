using System.Net.Security;
using System.Net.Sockets;
using Esddns.Operator.Net;
using Esddns.Operator.Notifications.Channels;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Esddns.Operator.Notifications.Mail;

/// <summary>
/// Sends messages as mail with MailKit: with TLS from the start (<c>smtps</c>, RFC 8314) or after STARTTLS
/// (<c>smtp</c>, RFC 3207). The certificate must be valid for the host; the system's store, or <c>SSL_CERT_FILE</c>,
/// names the trusted authorities.
/// </summary>
/// <param name="options">The options of the channel.</param>
/// <param name="all">The options of all channels.</param>
/// <param name="time">The clock.</param>
/// <param name="checkCertificate">Checks certificates in another way; for tests.</param>
internal sealed class MailChannel(
    ChannelOptions options,
    NotificationOptions all,
    TimeProvider time,
    RemoteCertificateValidationCallback? checkCertificate = null
) : IChannel
{
    private const int ImplicitTlsPort = 465,
        SubmissionPort = 587;

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(Message message, CancellationToken cancellationToken)
    {
        if (options.Url.Read(out var problem) is not { } text)
            return new SendResult(problem);
        if (ChannelAddress.Parse(options, text, out problem) is not { } server)
            return new SendResult($"the address {problem}");
        string? password = null;
        if (options.Secret is { } secret && (password = secret.Read(out problem)) is null)
            return new SendResult(problem);

        using var limit = new CancellationTokenSource(all.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var attempt = new Attempt();
        try
        {
            return await SendAsync(server, password, message, attempt, either.Token);
        }
        // MailKit reports a cancellation during the handshake of TLS as its failure.
        catch (Exception e)
            when (e is OperationCanceledException or SslHandshakeException && either.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new SendResult(HttpSender.NoAnswer(all.Timeout), attempt.IsUnderWay);
        }
        catch (Exception e) when (MailProblem.Of(e, attempt.Step) is { } known)
        {
            return new SendResult(known.Text, attempt.IsUnderWay && !known.IsRefusal);
        }
    }

    private async Task<SendResult> SendAsync(
        Uri server,
        string? password,
        Message message,
        Attempt attempt,
        CancellationToken cancellationToken
    )
    {
        var encryption = EncryptionOf(server);
        var usualPort = encryption == SecureSocketOptions.SslOnConnect ? ImplicitTlsPort : SubmissionPort;
        var port = server.Port > 0 ? server.Port : usualPort;
        var socket = await HappyEyeballs.ConnectAsync(server.DnsSafeHost, port, null, time, cancellationToken);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var client = new SmtpClient(new ReplyLimit())
        {
            LocalDomain = MailText.Greeting(System.Net.Dns.GetHostName()),
            // As everywhere here: a check of revocation needs another server.
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = checkCertificate,
        };
        await client.ConnectAsync(stream, server.DnsSafeHost, port, encryption, cancellationToken);
        if (options.User is { } user && password is not null)
        {
            if (MechanismOf(client, user, password) is not { } mechanism)
                return new SendResult("the mail server offers neither AUTH PLAIN nor AUTH LOGIN");
            await client.AuthenticateAsync(mechanism, cancellationToken);
        }

        attempt.Step = "DATA";
        await client.SendAsync(MailText.Write(options, message, time.GetUtcNow()), cancellationToken, attempt);
        // The mail was accepted; a failure of the farewell changes nothing, and MailKit ignores it.
        await client.DisconnectAsync(quit: true, cancellationToken);
        return SendResult.Sent;
    }

    /// <summary>Without encryption, no mail is sent to another host, unless the setting allows it.</summary>
    private SecureSocketOptions EncryptionOf(Uri server)
    {
        if (server.Scheme == "smtps")
            return SecureSocketOptions.SslOnConnect;
        return options.AllowPlaintext || server.IsLoopback
            ? SecureSocketOptions.StartTlsWhenAvailable
            : SecureSocketOptions.StartTls;
    }

    /// <summary>
    /// One mechanism only: MailKit would try the password with each one that the server offers, and each failure may
    /// count against the account.
    /// </summary>
    private static SaslMechanism? MechanismOf(SmtpClient client, string user, string password)
    {
        if (client.AuthenticationMechanisms.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
            return new SaslMechanismPlain(user, password);
        return client.AuthenticationMechanisms.Contains("LOGIN", StringComparer.OrdinalIgnoreCase)
            ? new SaslMechanismLogin(user, password)
            : null;
    }

    /// <summary>How far an attempt came.</summary>
    private sealed class Attempt : ITransferProgress
    {
        /// <summary>The step for messages: before the mail, MailKit does not tell which one fails.</summary>
        public string Step { get; set; } = "the connection";

        /// <summary>
        /// Whether a part of the mail is on its way. From then on, only a reply tells whether it was accepted.
        /// </summary>
        public bool IsUnderWay { get; private set; }

        public void Report(long bytesTransferred, long totalSize) => IsUnderWay = true;

        public void Report(long bytesTransferred) => IsUnderWay = true;
    }
}
