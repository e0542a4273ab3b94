using Esddns.Configuration;
using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.Events;
using MimeKit;

namespace Esddns.Operator.Configuration;

/// <summary>
/// Reads the section <c>Esddns:Notifications</c>. No message repeats an address, a token, a password or a template.
/// </summary>
internal static class NotificationSettings
{
    private const int MaxName = 40;

    /// <summary>The events of a channel that names none: those that a person should know.</summary>
    private static readonly string[] s_defaultEvents =
    [
        nameof(EventKind.AddressChanged),
        nameof(EventKind.ForeignEdit),
        nameof(EventKind.NotInSync),
        nameof(EventKind.Resolved),
        nameof(EventKind.TokenEnds),
    ];

    /// <summary>Reads the section.</summary>
    public static NotificationOptions Read(SettingsReader reader, string section)
    {
        var channels = new List<ChannelOptions>();
        foreach (var key in reader.Keys($"{section}:Channels"))
            if (ReadChannel(reader, key) is { } channel)
                channels.Add(channel);
        foreach (var channel in channels)
            if (channels.Find(c => c.Name == channel.Name) != channel)
                reader.Error(
                    $"{section}:Channels",
                    $"'{channel.Name}' is the name of two channels; set Name of one of them."
                );
        var o = new NotificationOptions([]);
        return new NotificationOptions(channels.ToArray())
        {
            NotInSyncAfter = reader.Duration(
                $"{section}:NotInSyncAfter",
                o.NotInSyncAfter,
                TimeSpan.FromSeconds(10),
                TimeSpan.FromDays(1)
            ),
            BurstWindow = reader.Duration(
                $"{section}:BurstWindow",
                o.BurstWindow,
                TimeSpan.Zero,
                TimeSpan.FromHours(1)
            ),
            Timeout = reader.Duration(
                $"{section}:Timeout",
                o.Timeout,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromMinutes(5)
            ),
        };
    }

    private static ChannelOptions? ReadChannel(SettingsReader reader, string key)
    {
        var type = ReadType(reader, $"{key}:Type");
        var (urlKey, url) = SecretSettings.Read(reader, $"{key}:Url", $"{key}:UrlFile");
        var (secretKey, secret) = SecretSettings.Read(reader, $"{key}:Token", $"{key}:TokenFile");
        var isPing = type is ChannelType.Healthchecks or ChannelType.UptimeKuma;
        var channel = new ChannelOptions
        {
            Name = ReadName(reader, $"{key}:Name", type),
            Type = type ?? ChannelType.Webhook,
            Events = ReadEvents(reader, $"{key}:Events", isPing),
            Url = Secret(reader, urlKey, url, $"{key}:UrlFile")!,
            Secret = Secret(reader, secretKey, secret, $"{key}:TokenFile"),
            AllowPlaintext = reader.Switch($"{key}:AllowPlaintext", false),
            Template = ReadTemplate(reader, $"{key}:Template"),
            Room = reader.Text($"{key}:Room") ?? "",
            From = ReadAddresses(reader, $"{key}:From") is [var from, ..] ? from : "",
            To = ReadAddresses(reader, $"{key}:To"),
            User = reader.Text($"{key}:User"),
            Interval = reader.Duration(
                $"{key}:Interval",
                TimeSpan.FromMinutes(1),
                TimeSpan.FromSeconds(10),
                TimeSpan.FromDays(1)
            ),
        };
        if (type is null)
            return null;
        if (url is not null && ChannelAddress.Parse(channel, url, out var problem) is null)
            reader.Error(urlKey, problem!);
        Require(
            reader,
            $"{key}:Url",
            url is not null || reader.IsWrong($"{key}:UrlFile"),
            "the address of the receiver"
        );
        CheckType(reader, key, channel, secret is not null || reader.IsWrong($"{key}:TokenFile"));
        // A header takes visible characters only. A file can be corrected while the operator runs.
        if (channel.Type != ChannelType.Smtp && secretKey == $"{key}:Token" && !reader.IsWrong(secretKey))
            SecretSettings.CheckToken(reader, secretKey, secret);
        return url is null ? null : channel;
    }

    /// <summary>Reports settings that the type needs, and settings that it does not use.</summary>
    private static void CheckType(SettingsReader reader, string key, ChannelOptions channel, bool hasSecret)
    {
        var type = channel.Type;
        if (type is ChannelType.Matrix)
            Require(reader, $"{key}:Room", channel.Room.Length > 0, "the room like !id:example.com");
        if (type is ChannelType.Matrix && channel.Room.Length > 0 && channel.Room[0] != '!')
            reader.Error($"{key}:Room", $"'{channel.Room}' is not the ID of a room like !id:example.com.");
        if (type is ChannelType.Matrix or ChannelType.Gotify)
            Require(reader, $"{key}:Token", hasSecret, "the token");
        if (type is ChannelType.Smtp)
        {
            Require(reader, $"{key}:From", channel.From.Length > 0, "the sender like esddns@example.com");
            Require(reader, $"{key}:To", channel.To.Count > 0, "the recipients");
            if (channel.User is null == hasSecret)
                reader.Error($"{key}:User", "User and Token (the password) belong together; set both or none.");
        }

        var usesToken =
            type
            is ChannelType.Webhook
                or ChannelType.Matrix
                or ChannelType.Gotify
                or ChannelType.Ntfy
                or ChannelType.Smtp;
        Only(reader, $"{key}:Token", usesToken);
        Only(reader, $"{key}:TokenFile", usesToken);
        Only(reader, $"{key}:Template", type is ChannelType.Webhook);
        Only(reader, $"{key}:Room", type is ChannelType.Matrix);
        Only(reader, $"{key}:From", type is ChannelType.Smtp);
        Only(reader, $"{key}:To", type is ChannelType.Smtp);
        Only(reader, $"{key}:User", type is ChannelType.Smtp);
        Only(reader, $"{key}:Interval", channel.IsPing);
        Only(reader, $"{key}:Events", !channel.IsPing);
    }

    private static void Only(SettingsReader reader, string key, bool isUsed)
    {
        if (!isUsed && reader.Has(key) && !reader.IsWrong(key))
            reader.Error(key, "this type of channel does not use it; remove it.");
    }

    private static void Require(SettingsReader reader, string key, bool isSet, string what)
    {
        if (!isSet && !reader.IsWrong(key))
            reader.Error(key, $"missing; set it to {what}.");
    }

    private static ChannelSecret? Secret(SettingsReader reader, string key, string? value, string fileKey)
    {
        if (value is null)
            return null;
        return key == fileKey ? new ChannelSecret(null, reader.Text(fileKey)) : new ChannelSecret(value, null);
    }

    private static ChannelType? ReadType(SettingsReader reader, string key)
    {
        var names = Enum.GetNames<ChannelType>();
        var expected = string.Join(", ", names);
        if (reader.Text(key) is not { } text)
        {
            reader.Error(key, $"missing; set it to one of {expected}.");
            return null;
        }

        var index = Array.FindIndex(names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            reader.Error(key, $"'{text}' is not one of {expected}.");
        return index < 0 ? null : (ChannelType)index;
    }

    private static string ReadName(SettingsReader reader, string key, ChannelType? type)
    {
        var name = reader.Text(key) ?? type?.ToString() ?? "";
        if (name.Length > MaxName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            reader.Error(key, $"is not a name of at most {MaxName} letters, digits, - and _.");
        return name;
    }

    private static string[] ReadEvents(SettingsReader reader, string key, bool isPing)
    {
        var known = Enum.GetNames<EventKind>();
        var expected = string.Join(", ", known);
        var list = reader.List(key);
        if (isPing)
            return [];
        if (list is { Count: 0 } || reader.IsBlank(key))
            reader.Error(key, "names no event; remove the channel.");
        if (list is null)
            return s_defaultEvents;
        foreach (var (at, text) in list.Where(item => !known.Contains(item.Text)))
            reader.Error(at, $"'{text}' is not one of {expected}.");
        return [.. list.Select(item => item.Text).Where(known.Contains)];
    }

    private static string? ReadTemplate(SettingsReader reader, string key)
    {
        if (reader.Text(key) is not { } template)
            return null;
        if (JsonTemplate.ProblemOf(template) is { } problem)
            reader.Error(key, problem);
        return template;
    }

    /// <summary>
    /// Reads mail addresses. Only plain ones: any other character could end the command that names it.
    /// </summary>
    private static List<string> ReadAddresses(SettingsReader reader, string key)
    {
        var addresses = new List<string>();
        foreach (var (at, text) in reader.List(key) ?? [])
        {
            if (
                text.Split('@') is [{ Length: > 0 } user, { Length: > 0 } host]
                && IsPlain(user + host)
                && MailboxAddress.TryParse(text, out _)
            )
                addresses.Add(text);
            else
                reader.Error(at, $"'{text}' is not a mail address like name@example.com.");
        }

        return addresses;
    }

    private static bool IsPlain(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+' or '=');
}
