using System.Globalization;
using System.Net.Sockets;
using Esddns.Operator.Notifications.Channels;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Esddns.Operator.Notifications.Mail;

/// <summary>
/// Why a mail was not sent. The messages of MailKit contain the host or the text of the server, which may repeat what
/// was sent, so only the step and the code of a reply are shown.
/// </summary>
/// <param name="Text">The problem, without secrets.</param>
/// <param name="IsRefusal">Whether the server refused, so that the mail was certainly not accepted.</param>
internal sealed record MailProblem(string Text, bool IsRefusal)
{
    /// <summary>Reply codes from here on refuse a step (RFC 5321 section 4.2.1).</summary>
    private const int FirstRefusal = 400;

    /// <summary>The problem of a connection to a mail server.</summary>
    /// <param name="e">What MailKit or the socket throws.</param>
    /// <param name="step">The step, if the exception does not tell it.</param>
    /// <returns>The problem; null for an exception that a mail server cannot cause.</returns>
    public static MailProblem? Of(Exception e, string step) =>
        e switch
        {
            SmtpCommandException refused => new(
                Answer(StepOf(refused) ?? step, (int)refused.StatusCode),
                (int)refused.StatusCode >= FirstRefusal
            ),
            AuthenticationException refused => new(PasswordAnswer(refused), true),
            ServiceNotAuthenticatedException => new("the mail server requires a user and a password (530)", true),
            // The only extension that is required.
            NotSupportedException => new("the mail server does not offer STARTTLS", true),
            SmtpProtocolException => new(
                "the connection ended, or the mail server sent text that is no reply",
                IsRefusal: false
            ),
            SslHandshakeException or SocketException or IOException => new(HttpSender.Explain(e), false),
            _ => null,
        };

    private static string? StepOf(SmtpCommandException refused) =>
        refused.ErrorCode switch
        {
            SmtpErrorCode.SenderNotAccepted => "the sender",
            SmtpErrorCode.RecipientNotAccepted => "a recipient",
            SmtpErrorCode.MessageNotAccepted => "the mail",
            _ => null,
        };

    /// <summary>The message begins like <c>535: </c>. MailKit has the code nowhere else.</summary>
    private static string PasswordAnswer(AuthenticationException refused) =>
        refused.Message.Split(':') is [{ Length: 3 } text, ..]
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? Answer("the password", code)
            : "the mail server refuses the password";

    private static string Answer(string step, int code) =>
        string.Create(CultureInfo.InvariantCulture, $"the mail server answers {step} with {code}");
}
