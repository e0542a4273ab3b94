using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Notifications.Channels;
using MimeKit;

namespace Esddns.Operator.Notifications.Mail;

/// <summary>
/// Writes a message as mail: plain text in UTF-8. MimeKit encodes the header, and removes line ends from its values.
/// The body is Base64. So text from outside can neither add a header nor end the mail.
/// </summary>
internal static class MailText
{
    /// <summary>
    /// The name for EHLO (RFC 5321 section 4.1.4): that of the machine if it is fully qualified, else an address.
    /// MailKit adds the brackets.
    /// </summary>
    public static string Greeting(string hostName) =>
        hostName.Contains('.', StringComparison.Ordinal)
        && !hostName.Contains('_', StringComparison.Ordinal)
        && !IPAddress.TryParse(hostName, out _)
        && DomainName.TryParse(hostName, null, out var name)
            ? name.ToString()
            : "127.0.0.1";

    /// <summary>Writes the mail.</summary>
    public static MimeMessage Write(ChannelOptions channel, Message message, DateTimeOffset now)
    {
        var mail = new MimeMessage
        {
            Subject = message.Title,
            Date = now.ToUniversalTime(),
            // The same from each machine: a repeated mail has the same one (RFC 5322 section 3.6.4).
            MessageId = $"{message.Id}@{channel.From[(channel.From.IndexOf('@', StringComparison.Ordinal) + 1)..]}",
            Body = new TextPart("plain")
            {
                ContentTransferEncoding = ContentEncoding.Base64,
                Text = message.Title + "\r\n\r\n" + string.Join("\r\n", message.Lines) + "\r\n",
            },
        };
        mail.From.Add(new MailboxAddress("", channel.From));
        mail.To.AddRange(channel.To.Select(to => new MailboxAddress("", to)));
        // RFC 3834: no automatic answers.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }
}
