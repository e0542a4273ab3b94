using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Esddns.Contracts;
using Esddns.Text;
using Esddns.Web.Access;
using Esddns.Web.Status;

namespace Esddns.Web.Sync;

/// <summary>Requests a round from the operator.</summary>
internal sealed class OperatorSync(HttpClient http, AccessOptions options, TimeProvider time)
{
    /// <summary>
    /// The maximum time to wait for the end of the round. Proxies in front of this service give up after 60 s (nginx).
    /// A round of many records can take longer; it continues then.
    /// </summary>
    private static readonly TimeSpan s_maxWait = TimeSpan.FromSeconds(55);

    /// <summary>The maximum size of a problem, in bytes.</summary>
    private const int MaxProblem = 4096;

    /// <summary>Requests a round and waits for its end.</summary>
    /// <returns>The result; or the status code of the failure, and its reason in one line.</returns>
    public async Task<(SyncDocument? Done, int StatusCode, string? Problem)> RequestAsync(
        CancellationToken cancellation
    )
    {
        using var deadline = new CancellationTokenSource(s_maxWait, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            return await SendAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(
                StatusCodes.Status504GatewayTimeout,
                $"The round did not end within {s_maxWait.TotalSeconds:0} s. It continues; the page shows its end."
            );
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return Failed(StatusCodes.Status502BadGateway, "The answer of the operator is too large.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var reason = UntrustedText.Clean(e.InnerException?.Message ?? e.Message).TrimEnd('.');
            return Failed(StatusCodes.Status503ServiceUnavailable, $"Cannot reach the operator: {reason}.");
        }
    }

    private async Task<(SyncDocument? Done, int StatusCode, string? Problem)> SendAsync(CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "sync");
        if (options.OperatorToken?.Read(out _) is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
            return Explain(response.StatusCode, await BeginningAsync(response, cancellation));
        await response.Content.LoadIntoBufferAsync(OperatorClient.MaxStatus, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        return StatusJson.Read(body) is { } status
            ? (
                new SyncDocument(status.Round, Condition.Of(status).Word, time.GetElapsedTime(began).TotalSeconds),
                StatusCodes.Status200OK,
                null
            )
            : Failed(StatusCodes.Status502BadGateway, "The answer of the operator has no valid status.");
    }

    /// <summary>
    /// The beginning of an answer. A proxy may answer in place of the operator, with a page of any size.
    /// </summary>
    private static async Task<byte[]> BeginningAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var bytes = new byte[MaxProblem];
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        return bytes[..await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation)];
    }

    private static (SyncDocument? Done, int StatusCode, string? Problem) Explain(HttpStatusCode code, byte[] body) =>
        code switch
        {
            HttpStatusCode.Forbidden => Failed(
                StatusCodes.Status502BadGateway,
                "The operator refuses the request: set Esddns:Api:TokenFile of the operator and "
                    + "Esddns:Web:OperatorTokenFile to files with the same token."
            ),
            HttpStatusCode.InternalServerError => Failed(
                StatusCodes.Status502BadGateway,
                "The round failed; see the log of the operator for the reason. The operator retries it."
            ),
            HttpStatusCode.ServiceUnavailable => Failed(
                StatusCodes.Status503ServiceUnavailable,
                DetailOf(body) ?? "The operator cannot run a round now."
            ),
            _ => Failed(StatusCodes.Status502BadGateway, $"The operator answered {(int)code}."),
        };

    /// <summary>The reason in problem details (RFC 9457); null without one.</summary>
    private static string? DetailOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return
                json.RootElement is { ValueKind: JsonValueKind.Object } problem
                && problem.TryGetProperty("detail", out var detail)
                && detail.ValueKind == JsonValueKind.String
                ? UntrustedText.Clean(detail.GetString())
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (SyncDocument? Done, int StatusCode, string? Problem) Failed(int statusCode, string problem) =>
        (null, statusCode, problem);
}
