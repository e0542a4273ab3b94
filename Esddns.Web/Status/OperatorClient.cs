using Esddns.Contracts;
using Esddns.Text;

namespace Esddns.Web.Status;

/// <summary>Follows the status stream of the operator.</summary>
internal sealed class OperatorClient(HttpClient http, TimeProvider time)
{
    /// <summary>The maximum size of a status, in bytes. A status with 10,000 records has about 6 MB.</summary>
    public const int MaxStatus = 16 * 1024 * 1024;

    /// <summary>The time limit for the connection and the first status.</summary>
    private static readonly TimeSpan s_firstStatusTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The time limit between two events or comments. The operator sends one at least every 15 s.</summary>
    private static readonly TimeSpan s_maxGap = TimeSpan.FromSeconds(45);

    /// <summary>Follows the stream until it fails.</summary>
    /// <param name="received">Receives each status, and null for a keep-alive comment.</param>
    /// <param name="cancellationToken">Stops following.</param>
    /// <returns>The reason of the failure, as the end of the sentence "Cannot reach the operator: …".</returns>
    public async Task<string> FollowAsync(Action<StatusDocument?> received, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_firstStatusTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var timeout = s_firstStatusTimeout;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "status/stream");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            if (!response.IsSuccessStatusCode)
                return $"the operator answered {(int)response.StatusCode}";
            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                return "the response is not an event stream";
            await using var stream = await response.Content.ReadAsStreamAsync(linked.Token);
            var events = new EventReader(stream, MaxStatus);
            while (await events.NextAsync(linked.Token) is { } data)
            {
                var status = data.IsEmpty ? null : StatusJson.Read(data.Span);
                if (status is null && !data.IsEmpty)
                    return "the response has no valid status";
                if (status is null && timeout == s_firstStatusTimeout)
                    continue;
                timeout = s_maxGap;
                deadline.CancelAfter(timeout);
                received(status);
            }

            return "the operator closed the connection";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return timeout == s_firstStatusTimeout
                ? $"no status within {timeout.TotalSeconds:0} s"
                : $"no event for {timeout.TotalSeconds:0} s";
        }
        catch (InvalidDataException)
        {
            return $"the status is larger than {MaxStatus / 1024 / 1024} MiB";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return UntrustedText.Clean(e.InnerException?.Message ?? e.Message).TrimEnd('.');
        }
    }
}
