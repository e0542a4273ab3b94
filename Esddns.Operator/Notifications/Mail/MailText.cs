using Esddns.Operator.Notifications.Channels;
using MimeKit;

namespace Esddns.Operator.Notifications.Mail;

/// <summary>
/// Writes a message as mail: plain text in UTF-8. MimeKit encodes the header, and removes line ends from its values.
/// The body is Base64. So text from outside can neither add a header nor end the mail.
/// </summary>
internal static class MailText
{
    /// <summary>Writes the mail.</summary>
    public static MimeMessage Write(ChannelOptions channel, Message message, DateTimeOffset now)
    {
        var mail = new MimeMessage
        {
            Subject = message.Title,
            Date = now.ToUniversalTime(),
            MessageId = $"{message.Id}@esddns.invalid",
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
