namespace Esddns.Operator.Notifications.Channels;

/// <summary>The types of channels.</summary>
internal enum ChannelType
{
    /// <summary>Any receiver of JSON, with a template.</summary>
    Webhook,

    /// <summary>An incoming webhook of Slack.</summary>
    Slack,

    /// <summary>A webhook of Discord.</summary>
    Discord,

    /// <summary>An incoming webhook of Mattermost.</summary>
    Mattermost,

    /// <summary>A room of Matrix.</summary>
    Matrix,

    /// <summary>An application of Gotify.</summary>
    Gotify,

    /// <summary>A topic of ntfy.</summary>
    Ntfy,

    /// <summary>The API of Apprise.</summary>
    Apprise,

    /// <summary>Mail.</summary>
    Smtp,

    /// <summary>A check of Healthchecks.io: pings while all is well.</summary>
    Healthchecks,

    /// <summary>A push monitor of Uptime Kuma: pings while all is well.</summary>
    UptimeKuma,
}
