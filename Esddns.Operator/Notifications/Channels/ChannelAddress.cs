namespace Esddns.Operator.Notifications.Channels;

/// <summary>Checks the address of a channel. The problem never contains the address.</summary>
internal static class ChannelAddress
{
    /// <summary>Parses the address.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="text">The address.</param>
    /// <param name="problem">The end of a sentence that begins with the setting; null without a problem.</param>
    public static Uri? Parse(ChannelOptions channel, string text, out string? problem)
    {
        var isMail = channel.Type == ChannelType.Smtp;
        var isKnown =
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
            && (isMail ? uri.Scheme is "smtp" or "smtps" : uri.Scheme is "https" or "http");
        if (!isKnown)
            problem = isMail
                ? "is not a mail server like smtp://mail.example.com:587 or smtps://mail.example.com:465."
                : "is not an address like https://host/path.";
        else if (uri!.UserInfo.Length > 0)
            problem = "contains a user name or a password; remove them.";
        else if (uri.Scheme == "http" && !uri.IsLoopback && !channel.AllowPlaintext)
            problem = "would be sent unencrypted; use https://, or set AllowPlaintext to true.";
        else if (isMail && uri.AbsolutePath.Trim('/').Length + uri.Query.Length > 0)
            problem = "has a path or a query; write smtp://host:587.";
        else if (channel.Type == ChannelType.Ntfy && uri.AbsolutePath.Trim('/').Length == 0)
            problem = "has no topic; write https://ntfy.sh/topic.";
        else if (
            channel.Type == ChannelType.Gotify
            && uri.AbsolutePath.TrimEnd('/').EndsWith("/message", StringComparison.Ordinal)
        )
            problem = "is the address for messages; write that of the server, without /message.";
        else if (
            channel.Type == ChannelType.UptimeKuma
            && !uri.AbsolutePath.Contains("/api/push/", StringComparison.Ordinal)
        )
            problem = "has no /api/push/; copy the push URL of the monitor.";
        else
            problem = null;
        return problem is null ? uri : null;
    }

    /// <summary>The address for one message, and the topic of ntfy.</summary>
    public static (Uri Address, string Topic) For(ChannelOptions channel, Uri url, Message message)
    {
        var root = url.GetLeftPart(UriPartial.Path).TrimEnd('/');
        switch (channel.Type)
        {
            case ChannelType.Matrix:
                var room = Uri.EscapeDataString(channel.Room);
                return (new Uri($"{root}/_matrix/client/v3/rooms/{room}/send/m.room.message/{message.Id}"), "");
            case ChannelType.Gotify:
                return (new Uri($"{root}/message"), "");
            case ChannelType.Ntfy:
                var slash = root.LastIndexOf('/');
                return (new Uri(root[..(slash + 1)]), Uri.UnescapeDataString(root[(slash + 1)..]));
            default:
                return (url, "");
        }
    }
}
