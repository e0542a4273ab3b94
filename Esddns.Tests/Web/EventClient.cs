using System.Net;
using System.Text.Json;

namespace Esddns.Tests.Web;

/// <summary>Reads the events of the web service.</summary>
internal sealed class EventClient : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventClient(HttpResponseMessage answer, Stream body) =>
        (_answer, _lines) = (answer, new StreamReader(body));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens a stream.</summary>
    public static async Task<EventClient> OpenAsync(WebRun web, params (string Name, string Value)[] headers)
    {
        var answer = await web.GetAsync("/api/v1/events", headers);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new EventClient(answer, await answer.Content.ReadAsStreamAsync(Cancel));
    }

    /// <summary>The next event; comments and other fields are skipped.</summary>
    public async Task<(string? Id, string Name, JsonElement Data)> NextAsync()
    {
        var (id, name) = ((string?)null, "");
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                await LineAsync();
                return (id, name, JsonDocument.Parse(line[6..]).RootElement);
            }
        }

        throw new EndOfStreamException();
    }

    /// <summary>The next line; null at the end.</summary>
    public Task<string?> LineAsync() => _lines.ReadLineAsync(Cancel).AsTask();

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
