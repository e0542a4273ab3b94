using Esddns.Text;

namespace Esddns.Web.Status;

/// <summary>Follows the operator's status.</summary>
internal sealed class OperatorClient(HttpClient http, TimeProvider time)
{
    /// <summary>The largest status that is read. One with a thousand records has about 1 MiB.</summary>
    public const int MaxStatus = 16 * 1024 * 1024;

    /// <summary>For the connection and the first status.</summary>
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(15);

    /// <summary>From one sign of life to the end of the next: the operator gives one at least every 15 s.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(45);

    /// <summary>Follows it for as long as that works.</summary>
    /// <param name="received">Gets each status, and null when the operator has nothing new.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it ended, to be said after "The operator cannot be reached: ".</returns>
    public async Task<string> FollowAsync(Action<StatusDocument?> received, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_first, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var limit = s_first;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "status/stream");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
                return $"it answered {(int)response.StatusCode}";
            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                return "what answers is not the operator";
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var events = new EventReader(stream, MaxStatus);
            while (await events.NextAsync(either.Token) is { } data)
            {
                var status = data.IsEmpty ? null : StatusJson.Read(data.Span);
                if (status is null && !data.IsEmpty)
                    return "its answer is not a status";
                if (status is null && limit == s_first)
                    continue;
                limit = s_silence;
                deadline.CancelAfter(limit);
                received(status);
            }

            return "it ended the connection";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return limit == s_first
                ? $"no status within {limit.TotalSeconds:0} s"
                : $"no sign of life for {limit.TotalSeconds:0} s";
        }
        catch (InvalidDataException)
        {
            return $"its status is larger than {MaxStatus / 1024 / 1024} MiB";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return ForeignText.Clean(e.InnerException?.Message ?? e.Message).TrimEnd('.');
        }
    }
}
