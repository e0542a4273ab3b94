namespace Esddns.Operator.Notifications.Queue;

/// <summary>The fault of a channel whose last message failed.</summary>
/// <param name="channel">See <see cref="Channel"/>.</param>
/// <param name="since">See <see cref="Since"/>.</param>
/// <param name="failures">See <see cref="Failures"/>.</param>
/// <param name="notBefore">See <see cref="NotBefore"/>.</param>
/// <param name="problem">See <see cref="Problem"/>.</param>
internal sealed class ChannelFault(
    string channel,
    DateTimeOffset since,
    int failures,
    DateTimeOffset notBefore,
    string problem
)
{
    /// <summary>The name of the channel.</summary>
    public string Channel => channel;

    /// <summary>When the first message in succession failed.</summary>
    public DateTimeOffset Since => since;

    /// <summary>The number of failures in succession.</summary>
    public int Failures => failures;

    /// <summary>When the next attempt may start.</summary>
    public DateTimeOffset NotBefore => notBefore;

    /// <summary>The reason, without secrets.</summary>
    public string Problem => problem;

    /// <summary>A copy that began now at the latest, and whose wait ends at <paramref name="latest"/>.</summary>
    public ChannelFault NotAfter(DateTimeOffset now, DateTimeOffset latest) =>
        new(channel, since < now ? since : now, failures, notBefore < latest ? notBefore : latest, problem);
}
