using System.Net;

namespace Esddns.Tests.Web;

/// <summary>An event of the web service.</summary>
internal sealed record ServerEvent(string? Id, string? Type, string Data);

/// <summary>Reads the events of the web service.</summary>
internal sealed class EventClient : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventClient(HttpResponseMessage response, Stream body) =>
        (_response, _reader) = (response, new StreamReader(body));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens a stream.</summary>
    public static async Task<EventClient> OpenAsync(WebRun web, params (string Name, string Value)[] headers)
    {
        var response = await web.GetAsync("/api/v1/events", headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new EventClient(response, await response.Content.ReadAsStreamAsync(Cancel));
    }

    /// <summary>The next line; null at the end.</summary>
    public async Task<string?> LineAsync() => await _reader.ReadLineAsync(Cancel);

    /// <summary>The next event; comments and <c>retry</c> are skipped.</summary>
    public async Task<ServerEvent> NextAsync()
    {
        (string? Id, string? Type, string? Data) read = default;
        while (true)
        {
            var line = await LineAsync() ?? throw new EndOfStreamException();
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                read.Id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                read.Type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                read.Data = line[6..];
            else if (line.Length == 0 && read.Data is not null)
                return new ServerEvent(read.Id, read.Type, read.Data);
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
