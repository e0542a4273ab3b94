using System.Net.Sockets;
using System.Text.Json.Nodes;
using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.Events;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Notifications;

/// <summary>The requests of each type of channel. Hostile names and reasons stay plain text.</summary>
public sealed class ChannelTests : IAsyncLifetime
{
    private const string Hostile =
        "@everyone <!channel> <@U1> [x](http://evil) `code` {{id}} \",\"text\":\"x\" </b> *b* @room #c";

    private readonly NotificationOptions _options = new([]);
    private Receiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await Receiver.StartAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task Slack_HasNoMentionsLinksOrMarkup()
    {
        var body = await SendAsync(ChannelType.Slack, "POST /hook/secret-path");
        var text = (string)body["text"]!;
        Assert.DoesNotContain('<', text);
        Assert.Contains("&lt;!channel&gt; &lt;@\u200BU1&gt;", text, StringComparison.Ordinal);
        Assert.Contains("@\u200Beveryone", text, StringComparison.Ordinal);
        Assert.Equal(
            (false, false, false),
            ((bool)body["mrkdwn"]!, (bool)body["link_names"]!, (bool)body["unfurl_links"]!)
        );
    }

    [Fact]
    public async Task Discord_HasNoMentionsOrMarkup()
    {
        var body = await SendAsync(ChannelType.Discord, "POST /hook/secret-path");
        Assert.Empty(body["allowed_mentions"]!["parse"]!.AsArray());
        CheckMarkdown((string)body["content"]!);
    }

    [Fact]
    public async Task Discord_LongText_IsShortened()
    {
        var lines = Enumerable.Repeat(new string('*', 300), 20).ToArray();
        var body = await SendAsync(ChannelType.Discord, "POST /hook/secret-path", lines);
        var text = (string)body["content"]!;
        Assert.InRange(text.Length, 600, 2000);
        Assert.EndsWith("\\*…", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mattermost_HasNoMentionsOrMarkup() =>
        CheckMarkdown((string)(await SendAsync(ChannelType.Mattermost, "POST /hook/secret-path"))["text"]!);

    [Fact]
    public async Task Matrix_SendsPlainTextWithATransactionId()
    {
        var body = await SendAsync(
            ChannelType.Matrix,
            "PUT /hook/secret-path/_matrix/client/v3/rooms/!room:example.com/send/m.room.message/id-1"
        );
        Assert.Equal("Bearer the-token", _receiver.Headers["Authorization"]);
        Assert.Empty(body["m.mentions"]!.AsObject());
        Assert.Null(body["formatted_body"]);
        Assert.Contains("@\u200Broom", (string)body["body"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gotify_SendsTitleMessageAndPriority()
    {
        var body = await SendAsync(ChannelType.Gotify, "POST /hook/secret-path/message");
        Assert.Equal("the-token", _receiver.Headers["X-Gotify-Key"]);
        Assert.Equal(5, (int)body["priority"]!);
        Assert.Equal((Hostile, "line"), ((string)body["title"]!, (string)body["message"]!));
        Assert.Equal("text/plain", (string)body["extras"]!["client::display"]!["contentType"]!);
    }

    [Fact]
    public async Task Ntfy_NamesTheTopic()
    {
        var body = await SendAsync(ChannelType.Ntfy, "POST /hook/");
        Assert.Equal(("secret-path", 5), ((string)body["topic"]!, (int)body["priority"]!));
        Assert.False((bool)body["markdown"]!);
    }

    [Fact]
    public async Task Apprise_SendsTypeAndText()
    {
        var body = await SendAsync(ChannelType.Apprise, "POST /hook/secret-path");
        Assert.Equal(("failure", "text"), ((string)body["type"]!, (string)body["format"]!));
        // It forwards to chats, and not each one escapes the text.
        Assert.StartsWith(
            "@\u200Beveryone <\u200B!channel> <\u200B@\u200BU1> [x]",
            (string)body["title"]!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Apprise_KeyWithoutConfiguration_IsAFailure()
    {
        _receiver.Fail(204);
        var result = await SendAsync(NotificationBench.Channel("hook", _receiver.Url, ChannelType.Apprise));
        Assert.Equal("the Apprise API has no configuration for this key", result.Problem);
    }

    [Fact]
    public async Task Template_IsFilledInsideOfItsStrings()
    {
        var template = """{"a":{"{{title}}":["{{title}}!", 7, null, "{{unknown}}", "{{ severity }}"]}}""";
        var body = await SendAsync(ChannelType.Webhook, "POST /hook/secret-path", template: template);
        var list = body["a"]!["{{title}}"]!.AsArray();
        Assert.Equal([$"{Hostile}!", "7", "", "{{unknown}}", "failure"], list.Select(item => item?.ToString() ?? ""));
    }

    [Fact]
    public async Task Message_HasTheSameKeyEachTime()
    {
        await SendAsync(ChannelType.Webhook, "POST /hook/secret-path");
        Assert.Equal("\"id-1\"", _receiver.Headers["Idempotency-Key"]);
    }

    [Theory]
    [InlineData(301, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    [InlineData(502, true)]
    [InlineData(504, true)]
    public async Task Status_TellsWhetherTheMessageMayHaveArrived(int status, bool mayHaveArrived)
    {
        _receiver.Fail(status);
        var result = await SendAsync(NotificationBench.Channel("hook", _receiver.Url));
        Assert.Equal(
            ($"the receiver answers with HTTP {status}", mayHaveArrived),
            (result.Problem, result.MayHaveArrived)
        );
    }

    [Fact]
    public async Task ClosedPort_IsCertainlyNotSent()
    {
        var url = _receiver.Url;
        await _receiver.DisposeAsync();
        var result = await SendAsync(NotificationBench.Channel("hook", url));
        Assert.Equal(("the connection failed (ConnectionRefused)", false), (result.Problem, result.MayHaveArrived));
        _receiver = await Receiver.StartAsync();
    }

    [Theory]
    [InlineData(SocketError.HostNotFound)]
    [InlineData(SocketError.TryAgain)]
    [InlineData(SocketError.NoData)]
    public void UnknownHost_IsExplained(SocketError code) =>
        Assert.Equal(
            "the host name cannot be resolved",
            HttpSender.Explain(new HttpRequestException("host", new SocketException((int)code)))
        );

    [Fact]
    public async Task UnknownHost_IsCertainlyNotSent()
    {
        var result = await SendAsync(NotificationBench.Channel("hook", "https://nothing.invalid/secret"));
        Assert.Equal(("the host name cannot be resolved", false), (result.Problem, result.MayHaveArrived));
    }

    [Fact]
    public async Task SecretInAFile_IsReadForEachMessage()
    {
        var file = Path.GetTempFileName();
        var channel = new ChannelOptions
        {
            Name = "hook",
            Type = ChannelType.Gotify,
            Events = [],
            Url = new ChannelSecret(_receiver.Url, null),
            Secret = new ChannelSecret(null, file),
        };
        await File.WriteAllTextAsync(file, "first\n", TestContext.Current.CancellationToken);
        Assert.Null((await SendAsync(channel)).Problem);
        await File.WriteAllTextAsync(file, "second\n", TestContext.Current.CancellationToken);
        Assert.Null((await SendAsync(channel)).Problem);
        Assert.Equal("second", _receiver.Headers["X-Gotify-Key"]);
        await File.WriteAllTextAsync(file, "bad token\n", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("bad", (await SendAsync(channel)).Problem!, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains(file, (await SendAsync(channel)).Problem!, StringComparison.Ordinal);
    }

    private static void CheckMarkdown(string text)
    {
        Assert.Contains("@\u200Beveryone", text, StringComparison.Ordinal);
        Assert.Contains(@"\[x\]\(http\://evil\) \`code\`", text, StringComparison.Ordinal);
        Assert.Contains(@"\<@" + "\u200BU1", text, StringComparison.Ordinal);
        Assert.Contains(@"\*b\*", text, StringComparison.Ordinal);
    }

    private async Task<JsonObject> SendAsync(
        ChannelType type,
        string request,
        string[]? lines = null,
        string? template = null
    )
    {
        var channel = NotificationBench.Channel("hook", _receiver.Url, type, "the-token", template);
        Assert.Null((await SendAsync(channel, lines)).Problem);
        Assert.Equal(request, Assert.Single(_receiver.Requests));
        return Assert.Single(_receiver.Messages);
    }

    private async Task<SendResult> SendAsync(ChannelOptions channel, string[]? lines = null)
    {
        var time = new FakeTimeProvider(NotificationBench.Start);
        using var http = new HttpSender(_options, time);
        var message = new Message("id-1", EventKind.NotInSync, NotificationBench.Start, Hostile, lines ?? ["line"]);
        return await new HttpChannel(channel, http).SendAsync(message, TestContext.Current.CancellationToken);
    }
}
