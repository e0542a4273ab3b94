namespace Esddns.Operator.Notifications.Channels;

/// <summary>How a service takes a message: the JSON, the place of the token, and the escape of markup.</summary>
internal sealed class Preset(string template, Func<string, string> escape, int maxText = 4000)
{
    private static readonly Func<string, string> s_plain = text => text;

    /// <summary>The JSON; see <see cref="JsonTemplate"/>.</summary>
    public string Template => template;

    /// <summary>The longest text in characters that the service takes.</summary>
    public int MaxText => maxText;

    /// <summary>The header of the token.</summary>
    public string TokenHeader { get; private init; } = "Authorization";

    /// <summary>The text before the token.</summary>
    public string TokenPrefix { get; private init; } = "Bearer ";

    /// <summary>Escapes the markup of the service in a text.</summary>
    public string Escape(string text) => escape(text);

    /// <summary>
    /// The preset of a type. No message notifies all members of a channel, shows a preview of an address, or is HTML.
    /// </summary>
    public static Preset Of(ChannelType type) =>
        type switch
        {
            // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
            ChannelType.Slack => new(
                """{"text":"{{body}}","mrkdwn":false,"link_names":false,"unfurl_links":false,"unfurl_media":false}""",
                Markup.EscapeSlack
            ),
            // https://discord.com/developers/docs/resources/webhook; flag 4 suppresses embeds.
            ChannelType.Discord => new(
                """{"content":"{{body}}","allowed_mentions":{"parse":[]},"flags":4}""",
                Markup.EscapeMarkdown,
                maxText: 1900
            ),
            // https://developers.mattermost.com/integrate/webhooks/incoming/
            ChannelType.Mattermost => new("""{"text":"{{body}}"}""", Markup.EscapeMarkdown),
            // https://spec.matrix.org/latest/client-server-api/#mroommessage-msgtypes
            ChannelType.Matrix => new(
                """{"msgtype":"m.text","body":"{{body}}","m.mentions":{}}""",
                Markup.BreakMentions
            ),
            // https://gotify.net/docs/pushmsg
            ChannelType.Gotify => new(
                """
                {"title":"{{title}}","message":"{{text}}","priority":"{{priority}}",
                "extras":{"client::display":{"contentType":"text/plain"}}}
                """,
                s_plain
            )
            {
                TokenHeader = "X-Gotify-Key",
                TokenPrefix = "",
            },
            // https://docs.ntfy.sh/publish/#publish-as-json
            ChannelType.Ntfy => new(
                """
                {"topic":"{{topic}}","title":"{{title}}","message":"{{text}}","priority":"{{priority}}",
                "markdown":false}
                """,
                s_plain
            ),
            // https://github.com/caronc/apprise-api
            ChannelType.Apprise => new(
                """{"title":"{{title}}","body":"{{text}}","type":"{{severity}}","format":"text"}""",
                Markup.BreakAllMentions
            ),
            _ => new(
                """
                {"id":"{{id}}","event":"{{event}}","severity":"{{severity}}","time":"{{time}}","title":"{{title}}",
                "text":"{{text}}"}
                """,
                s_plain
            ),
        };
}
