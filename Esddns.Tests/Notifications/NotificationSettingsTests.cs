using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Channels;
using Esddns.Tests.Configuration;
using static Esddns.Tests.Configuration.ReadSettings;

namespace Esddns.Tests.Notifications;

/// <summary>The section Esddns:Notifications: all mistakes at once, and no secret in a message.</summary>
public sealed class NotificationSettingsTests
{
    private const string Secret = "s3cr3t";

    [Fact]
    public void NoSection_IsNoChannel() => Assert.Empty(Read([]).Channels);

    [Fact]
    public void Channel_HasDefaults()
    {
        var channel = Assert.Single(
            Read(new() { ["0:Type"] = "Slack", ["0:Url"] = "https://hooks.example/x" }).Channels
        );
        Assert.Equal(("Slack", ChannelType.Slack), (channel.Name, channel.Type));
        Assert.Equal(["AddressChanged", "ForeignEdit", "NotInSync", "Resolved", "TokenEnds"], channel.Events);
        Assert.Equal("https://hooks.example/x", channel.Url.Read(out _));
    }

    [Fact]
    public void Mistakes_AreReportedTogether_WithoutSecrets()
    {
        var errors = Mistakes(
            new()
            {
                ["0:Type"] = "Slak",
                ["0:Url"] = $"https://hooks.example/{Secret}",
                ["1:Url"] = $"https://hooks.example/{Secret}",
                ["2:Type"] = "Slack",
                ["2:Url"] = $"hooks.example/{Secret}",
                ["2:Events"] = "NotInSync,Everything",
                ["3:Type"] = "Slack",
                ["3:Name"] = "a b",
                ["3:Url"] = $"http://hooks.example/{Secret}",
                ["4:Type"] = "Webhook",
                ["4:Name"] = "four",
                ["4:Url"] = $"https://user:{Secret}@hooks.example/",
                ["4:Template"] = $"{{\"{Secret}\":",
                ["5:Type"] = "Smtp",
                ["5:Url"] = $"smtp://mail.example/{Secret}",
                ["5:Token"] = Secret,
                ["5:From"] = "x@example.com>",
                ["5:To"] = "y..z@example.com",
                ["6:Type"] = "Matrix",
                ["6:Interval"] = "60",
                ["7:Type"] = "Healthchecks",
                ["7:Url"] = "https://hc-ping.com/x",
                ["7:Events"] = "NotInSync",
                ["8:Type"] = "Ntfy",
                ["8:Url"] = "https://ntfy.sh/",
                ["9:Type"] = "Gotify",
                ["9:UrlFile"] = "/does/not/exist",
                ["9:Token"] = Secret,
            }
        );
        string[] expected =
        [
            "0:Type: 'Slak' is not one of Webhook, Slack, ",
            "1:Type: missing",
            "2:Url: is not an address like https://host/path",
            "2:Events: 'Everything' is not one of AddressChanged, ",
            "3:Name: is not a name",
            "3:Url: would be sent unencrypted; use https://, or set AllowPlaintext to true",
            "4:Url: contains a user name or a password",
            "4:Template: is not JSON",
            "5:Url: has a path or a query",
            "5:From: 'x@example.com>' is not a mail address",
            "5:To: 'y..z@example.com' is not a mail address",
            "5:User: User and Token (the password) belong together",
            "6:Url: missing",
            "6:Room: missing",
            "6:Token: missing",
            "6:Interval: this type of channel does not use it",
            "7:Events: this type of channel does not use it",
            "8:Url: has no topic",
            "9:UrlFile: the file /does/not/exist cannot be read",
        ];
        foreach (var line in expected)
            Assert.Contains(
                errors,
                e => e.StartsWith("Esddns:Notifications:Channels:" + line, StringComparison.Ordinal)
            );
        Assert.Equal(expected.Length, errors.Count);
        Assert.DoesNotContain(errors, e => e.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public void TwoChannelsOfOneName_AreAMistake() =>
        Assert.Contains(
            "'Slack' is the name of two channels",
            Assert.Single(
                Mistakes(
                    new()
                    {
                        ["0:Type"] = "Slack",
                        ["0:Url"] = "https://hooks.example/x",
                        ["1:Type"] = "Slack",
                        ["1:Url"] = "https://hooks.example/y",
                    }
                )
            ),
            StringComparison.Ordinal
        );

    /// <summary>Each of these would fail later, or do nothing.</summary>
    [Theory]
    [InlineData(
        "Webhook",
        "Template",
        """{"a":["{{titel}} s3cr3t"]}""",
        "has an unknown placeholder; known are {{id}}, {{"
    )]
    [InlineData(
        "Webhook",
        "Template",
        """{"a":{"{{title}}":"s3cr3t"}}""",
        "has a placeholder in the name of a property"
    )]
    [InlineData("Webhook", "Template", """{"a":"\ud800 s3cr3t"}""", "is not JSON.")]
    [InlineData("Webhook", "Token", "s3cr3t x", "contains a space, a control character or a non-ASCII character")]
    [InlineData("Ntfy", "Token", "s3cr3t\u00fc", "contains a space, a control character or a non-ASCII character")]
    [InlineData("Matrix", "Room", "#alias:example.com", "'#alias:example.com' is not the ID of a room like !id:")]
    [InlineData("Slack", "Token", "s3cr3t", "this type of channel does not use it; remove it.")]
    [InlineData("Discord", "Token", "s3cr3t \u00fc", "this type of channel does not use it; remove it.")]
    [InlineData("Mattermost", "Token", "s3cr3t", "this type of channel does not use it; remove it.")]
    [InlineData("Apprise", "Token", "s3cr3t", "this type of channel does not use it; remove it.")]
    [InlineData("Healthchecks", "Token", "s3cr3t", "this type of channel does not use it; remove it.")]
    [InlineData("UptimeKuma", "Token", "s3cr3t", "this type of channel does not use it; remove it.")]
    [InlineData("Gotify", "Url", "https://g.example/s3cr3t/message", "is the address for messages; write that of the")]
    [InlineData("Gotify", "Url", "https://g.example/message/", "is the address for messages; write that of the")]
    [InlineData("UptimeKuma", "Url", "https://k.example/status/s3cr3t", "has no /api/push/; copy the push URL")]
    [InlineData("Slack", "Events", "none", "names no event; remove the channel.")]
    [InlineData("Slack", "Events", "", "names no event; remove the channel.")]
    [InlineData("Slack", "Events", ",", "names no event; remove the channel.")]
    public void WrongSetting_IsOneMistake(string type, string setting, string value, string problem)
    {
        var channel = Complete(type);
        channel[$"0:{setting}"] = value;
        var error = Assert.Single(Mistakes(channel));
        Assert.StartsWith($"Esddns:Notifications:Channels:0:{setting}: {problem}", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Webhook", "Template", """{"a":["{{ title }} {{body}} {{"],"b":{"c":1}}""")]
    [InlineData("Gotify", "Url", "https://g.example/messages")]
    [InlineData("UptimeKuma", "Url", "https://k.example/prefix/api/push/x?status=up")]
    public void UnusualSetting_IsAllowed(string type, string setting, string value)
    {
        var channel = Complete(type);
        channel[$"0:{setting}"] = value;
        Assert.Single(Read(channel).Channels);
    }

    [Fact]
    public void DeadManChannel_HasNoEvents() => Assert.Empty(Read(Complete("Healthchecks")).Channels[0].Events);

    [Theory]
    [InlineData("http://127.0.0.1:8065/x")]
    [InlineData("http://localhost/x")]
    public void UnencryptedAddressOfThisHost_IsAllowed(string url) =>
        Assert.Single(Read(new() { ["0:Type"] = "Webhook", ["0:Url"] = url }).Channels);

    [Theory]
    [InlineData("NotInSyncAfter", "10", "86400", "9", "86401")]
    [InlineData("BurstWindow", "0", "3600", "-1", "3601")]
    [InlineData("Timeout", "1", "300", "0.9", "301")]
    [InlineData("Channels:0:Interval", "10", "86400", "9", "86401")]
    public void Duration_OutsideItsRange_IsAMistake(string name, string min, string max, string below, string above)
    {
        Dictionary<string, string?> With(string value) =>
            new(Minimal)
            {
                ["Esddns:Notifications:Channels:0:Type"] = "UptimeKuma",
                ["Esddns:Notifications:Channels:0:Url"] = "https://kuma.example/api/push/x",
                [$"Esddns:Notifications:{name}"] = value,
            };
        foreach (var value in (string[])[min, max])
            Good(With(value));
        foreach (var value in (string[])[below, above])
            Assert.Contains(
                $"Esddns:Notifications:{name}: '{value}' is not",
                Assert.Single(ReadSettings.Read(With(value), []).Errors),
                StringComparison.Ordinal
            );
    }

    /// <summary>The settings of a channel without mistakes.</summary>
    private static Dictionary<string, string?> Complete(string type)
    {
        var channel = new Dictionary<string, string?>
        {
            ["0:Type"] = type,
            ["0:Url"] = type == "UptimeKuma" ? "https://kuma.example/api/push/x" : "https://example.com/x",
        };
        if (type is "Matrix" or "Gotify")
            channel["0:Token"] = "token";
        if (type is "Matrix")
            channel["0:Room"] = "!id:example.com";
        return channel;
    }

    private static NotificationOptions Read(Dictionary<string, string?> channels) =>
        Good(Settings(channels)).Operator.Notifications;

    private static IReadOnlyList<string> Mistakes(Dictionary<string, string?> channels) =>
        ReadSettings.Read(Settings(channels), []).Errors;

    private static Dictionary<string, string?> Settings(Dictionary<string, string?> channels)
    {
        var settings = Minimal;
        foreach (var (key, value) in channels)
            settings[$"Esddns:Notifications:Channels:{key}"] = value;
        return settings;
    }
}
