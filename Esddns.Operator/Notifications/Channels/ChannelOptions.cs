using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator.Notifications.Channels;

/// <summary>The options of one channel.</summary>
internal sealed class ChannelOptions
{
    /// <summary>The name in logs and metrics: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The type.</summary>
    public required ChannelType Type { get; init; }

    /// <summary>The kinds of events to send. Empty for dead-man pings.</summary>
    public required string[] Events { get; init; }

    /// <summary>The address. It is a secret: who has the address of a webhook can send to it.</summary>
    public required ChannelSecret Url { get; init; }

    /// <summary>The token or password; null when there is none.</summary>
    public ChannelSecret? Secret { get; init; }

    /// <summary>Whether the connection may be unencrypted to another host than this one.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>The JSON of a webhook; null for that of its type.</summary>
    public string? Template { get; init; }

    /// <summary>The room of Matrix.</summary>
    public string Room { get; init; } = "";

    /// <summary>The sender of mail.</summary>
    public string From { get; init; } = "";

    /// <summary>The recipients of mail.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>The user name at the mail server; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The time between two pings. 10 s to 1 day, default 60 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the channel gets pings instead of messages.</summary>
    public bool IsPing => Type is ChannelType.Healthchecks or ChannelType.UptimeKuma;

    /// <summary>Whether the channel wants events of this kind.</summary>
    public bool Wants(EventKind kind) => !IsPing && Array.IndexOf(Events, kind.ToString()) >= 0;
}
