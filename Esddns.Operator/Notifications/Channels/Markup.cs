using System.Text;

namespace Esddns.Operator.Notifications.Channels;

/// <summary>
/// Escapes text for services that give meaning to characters. Texts contain names and reasons from outside: they must
/// not become links, commands or mentions.
/// </summary>
internal static class Markup
{
    /// <summary>A character without width. A mention is not recognized with it behind the @.</summary>
    private const char Break = '\u200B';

    private const string MarkdownCharacters = "\\`*_~|<>[]()#:";

    /// <summary>Breaks mentions like @everyone and @room.</summary>
    public static string BreakMentions(string text) => text.Replace("@", "@" + Break, StringComparison.Ordinal);

    /// <summary>Breaks mentions of all chats, also those like &lt;!channel&gt;, without an escape that another service
    /// would show.</summary>
    public static string BreakAllMentions(string text) =>
        BreakMentions(text).Replace("<", "<" + Break, StringComparison.Ordinal);

    /// <summary>
    /// Escapes the control characters of Slack, and with them its links and mentions
    /// (<see href="https://docs.slack.dev/messaging/formatting-message-text"/>).
    /// </summary>
    public static string EscapeSlack(string text) =>
        BreakMentions(
            text.Replace("&", "&amp;", StringComparison.Ordinal)
                .Replace("<", "&lt;", StringComparison.Ordinal)
                .Replace(">", "&gt;", StringComparison.Ordinal)
        );

    /// <summary>Escapes Markdown, as Discord and Mattermost read it, and breaks mentions.</summary>
    public static string EscapeMarkdown(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (MarkdownCharacters.Contains(c, StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(c);
            if (c == '@')
                escaped.Append(Break);
        }

        return escaped.ToString();
    }
}
