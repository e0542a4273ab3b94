using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Esddns.Operator.Net;
using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.Mail;

/// <summary>
/// Sends messages as mail: SMTP (RFC 5321) with TLS from the start (RFC 8314) or after STARTTLS (RFC 3207), and AUTH
/// PLAIN or LOGIN (RFC 4954). It is our own code: the size of the native program has no room for MailKit with MimeKit.
/// </summary>
internal sealed class MailChannel(ChannelOptions options, NotificationOptions all, MailTls tls, TimeProvider time)
    : IChannel
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
            await SendAsync(
                server,
                password,
                MailText.Write(options, message, time.GetUtcNow()),
                attempt,
                either.Token
            );
            return SendResult.Sent;
        }
        catch (SmtpException e)
        {
            return new SendResult(e.Message, attempt.IsUnderWay && !e.IsRefusal);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            return new SendResult(HttpSender.Explain(e), attempt.IsUnderWay);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(HttpSender.NoAnswer(all.Timeout), attempt.IsUnderWay);
        }
    }

    private async Task SendAsync(
        Uri server,
        string? password,
        string mail,
        Attempt attempt,
        CancellationToken cancellationToken
    )
    {
        var isImplicit = server.Scheme == "smtps";
        var port = server.Port > 0 ? server.Port : (isImplicit ? ImplicitTlsPort : SubmissionPort);
        var socket = await HappyEyeballs.ConnectAsync(server.DnsSafeHost, port, null, time, cancellationToken);
        await using var connection = new SmtpConnection(new NetworkStream(socket, ownsSocket: true));
        if (isImplicit)
            await connection.EncryptAsync(tls.For(server.DnsSafeHost), cancellationToken);
        await connection.ReplyAsync("the connection", '2', cancellationToken);
        var features = await connection.SendAsync("EHLO esddns.invalid", "EHLO", '2', cancellationToken);
        if (!connection.IsEncrypted)
            features = await StartTlsAsync(connection, server, features, cancellationToken);
        if (options.User is { } user && password is not null)
            await AuthenticateAsync(connection, features, user, password, cancellationToken);

        await connection.SendAsync($"MAIL FROM:<{options.From}>", "the sender", '2', cancellationToken);
        foreach (var recipient in options.To)
            await connection.SendAsync($"RCPT TO:<{recipient}>", "a recipient", '2', cancellationToken);
        await connection.SendAsync("DATA", "DATA", '3', cancellationToken);
        // From here on, only a reply tells whether the mail was accepted. Its lines begin with no dot.
        attempt.IsUnderWay = true;
        await connection.SendAsync(mail + ".", "the mail", '2', cancellationToken);
        await QuitAsync(connection, cancellationToken);
    }

    /// <summary>
    /// Encrypts the connection. Features that the server reported before do not count (RFC 3207 section 4.2). Without
    /// encryption, no mail is sent to another host, unless the setting allows it.
    /// </summary>
    private async Task<IReadOnlyList<string>> StartTlsAsync(
        SmtpConnection connection,
        Uri server,
        IReadOnlyList<string> features,
        CancellationToken cancellationToken
    )
    {
        if (!features.Contains("STARTTLS", StringComparer.OrdinalIgnoreCase))
            return options.AllowPlaintext || server.IsLoopback
                ? features
                : throw new SmtpException("the mail server does not offer STARTTLS", isRefusal: true);
        await connection.SendAsync("STARTTLS", "STARTTLS", '2', cancellationToken);
        await connection.EncryptAsync(tls.For(server.DnsSafeHost), cancellationToken);
        return await connection.SendAsync("EHLO esddns.invalid", "EHLO", '2', cancellationToken);
    }

    private static async Task AuthenticateAsync(
        SmtpConnection connection,
        IReadOnlyList<string> features,
        string user,
        string password,
        CancellationToken cancellationToken
    )
    {
        var offered = features.FirstOrDefault(f => f.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase)) ?? "";
        var methods = offered.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (methods.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            var both = Base64($"\0{user}\0{password}");
            await connection.SendAsync($"AUTH PLAIN {both}", "the password", '2', cancellationToken);
        }
        else if (methods.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
        {
            await connection.SendAsync("AUTH LOGIN", "AUTH LOGIN", '3', cancellationToken);
            await connection.SendAsync(Base64(user), "the user", '3', cancellationToken);
            await connection.SendAsync(Base64(password), "the password", '2', cancellationToken);
        }
        else
        {
            throw new SmtpException("the mail server offers neither AUTH PLAIN nor AUTH LOGIN", isRefusal: true);
        }
    }

    /// <summary>The mail was accepted; a failure of the farewell changes nothing.</summary>
    private static async Task QuitAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.SendAsync("QUIT", "QUIT", '2', cancellationToken);
        }
        catch (Exception e) when (e is SmtpException or IOException or OperationCanceledException)
        {
            // The server has closed the connection.
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>How far an attempt came.</summary>
    private sealed class Attempt
    {
        public bool IsUnderWay { get; set; }
    }
}
