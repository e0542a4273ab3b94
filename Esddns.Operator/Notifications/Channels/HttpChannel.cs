using System.Net.Http.Headers;

namespace Esddns.Operator.Notifications.Channels;

/// <summary>Sends messages as JSON over HTTP.</summary>
internal sealed class HttpChannel(ChannelOptions options, HttpSender sender) : IChannel
{
    private readonly Preset _preset = Preset.Of(options.Type);

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(Message message, CancellationToken cancellationToken)
    {
        if (options.Url.Read(out var problem) is not { } text)
            return new SendResult(problem);
        if (ChannelAddress.Parse(options, text, out problem) is not { } url)
            return new SendResult($"the address {problem}");
        string? token = null;
        if (options.Secret is { } secret && (token = secret.Read(out problem)) is null)
            return new SendResult(problem);

        var (address, topic) = ChannelAddress.For(options, url, message);
        var method = options.Type == ChannelType.Matrix ? HttpMethod.Put : HttpMethod.Post;
        using var request = new HttpRequestMessage(method, address);
        var body = JsonTemplate.Fill(options.Template ?? _preset.Template, message, _preset, topic);
        request.Content = new ReadOnlyMemoryContent(body)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        // https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
        request.Headers.TryAddWithoutValidation("Idempotency-Key", $"\"{message.Id}\"");
        if (token is not null && !IsSent(request, token))
            return new SendResult("the token contains a space, a control character or a non-ASCII character");
        return await sender.SendAsync(request, options.Type, cancellationToken);
    }

    private bool IsSent(HttpRequestMessage request, string token) =>
        token.All(c => c is > ' ' and < '\x7f')
        && request.Headers.TryAddWithoutValidation(_preset.TokenHeader, _preset.TokenPrefix + token);
}
