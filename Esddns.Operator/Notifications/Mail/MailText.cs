using System.Globalization;
using System.Text;
using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.Mail;

/// <summary>
/// Writes a message as mail (RFC 5322): plain text in UTF-8. Text from outside is Base64 in the header and in the body,
/// so it can neither add a header nor end the mail.
/// </summary>
internal static class MailText
{
    /// <summary>An encoded word has 75 characters at most (RFC 2047 section 2), and so has 45 bytes of text.</summary>
    private const int MaxWordBytes = 45;

    /// <summary>Writes the mail, with the lines of the dialogue (CRLF) but without its end.</summary>
    public static string Write(ChannelOptions channel, Message message, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Header("From", channel.From);
        Header("To", string.Join(", ", channel.To));
        Header("Subject", Encode(message.Title));
        Header("Date", now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000");
        Header("Message-ID", $"<{message.Id}@esddns.invalid>");
        // RFC 3834: no automatic answers.
        Header("Auto-Submitted", "auto-generated");
        Header("MIME-Version", "1.0");
        Header("Content-Type", "text/plain; charset=utf-8");
        Header("Content-Transfer-Encoding", "base64");
        text.Append("\r\n");
        var body = Encoding.UTF8.GetBytes(message.Title + "\r\n\r\n" + string.Join("\r\n", message.Lines) + "\r\n");
        return text.Append(Convert.ToBase64String(body, Base64FormattingOptions.InsertLineBreaks))
            .Append("\r\n")
            .ToString();

        void Header(string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    /// <summary>
    /// Encodes a header value as encoded words (RFC 2047), which contain no character of the dialogue.
    /// </summary>
    private static string Encode(string value)
    {
        var words = new StringBuilder();
        var part = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(part.ToString()) + rune.Utf8SequenceLength > MaxWordBytes)
                End();
            part.Append(rune.ToString());
        }

        End();
        return words.ToString();

        void End()
        {
            if (words.Length > 0)
                words.Append("\r\n ");
            words
                .Append("=?utf-8?B?")
                .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(part.ToString())))
                .Append("?=");
            part.Clear();
        }
    }
}
