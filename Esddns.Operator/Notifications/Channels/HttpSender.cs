using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Net;

namespace Esddns.Operator.Notifications.Channels;

/// <summary>
/// Sends requests whose addresses are secrets. Not a client of the factory: that one logs addresses, and the standard
/// handler adds them to traces and their hosts to metrics.
/// </summary>
internal sealed class HttpSender : IDisposable
{
    private readonly HttpClient _http;
    private readonly NotificationOptions _options;
    private readonly TimeProvider _time;

    public HttpSender(NotificationOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
#pragma warning disable CA2000 // The client disposes of the handler.
        var handler = new SocketsHttpHandler
        {
            // A redirect would send the secret to another server.
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MeterFactory = new PrivateMeters(),
            ConnectCallback = HappyEyeballs.ForHttp(null, time),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
#pragma warning restore CA2000
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var version = typeof(HttpSender).Assembly.GetName().Version?.ToString(3);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd($"esddns/{version}");
    }

    /// <summary>Sends a request once, and judges the answer. No problem repeats a body: it may contain a
    /// secret.</summary>
    public async Task<SendResult> SendAsync(
        HttpRequestMessage request,
        ChannelType type,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.IsSuccessStatusCode)
                return new SendResult(await ServiceAnswer.ProblemAsync(type, response, either.Token));
            var status = (int)response.StatusCode;
            return new SendResult(
                string.Create(CultureInfo.InvariantCulture, $"the receiver answers with HTTP {status}"),
                // A proxy gave up waiting for the receiver.
                mayHaveArrived: response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout,
                RetryAfterHeader.Parse(response, _time.GetUtcNow())
            );
        }
        catch (HttpRequestException e)
        {
            return Failed(e);
        }
        // The body of the answer ended early.
        catch (IOException e)
        {
            return new SendResult(Explain(e), mayHaveArrived: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(NoAnswer(_options.Timeout), mayHaveArrived: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>The problem when the time limit has passed.</summary>
    public static string NoAnswer(TimeSpan timeout) =>
        string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.#} s");

    /// <summary>
    /// The problem of a connection. The message of the exception contains the host, so it is not used.
    /// </summary>
    public static string Explain(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (
                cause is SocketException
                {
                    SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                }
            )
                return "the host name cannot be resolved";
            if (cause is SocketException socket)
                return $"the connection failed ({socket.SocketErrorCode})";
            if (cause is System.Security.Authentication.AuthenticationException)
                return "the certificate or the encryption of the server is not accepted";
        }

        return "the connection ended without an answer";
    }

    private static SendResult Failed(HttpRequestException e) =>
        new(
            Explain(e),
            mayHaveArrived: e.HttpRequestError
                is not (
                    HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError
                    or HttpRequestError.ProxyTunnelError
                )
        );

    /// <summary>Gives the meters of the handler a name that nobody collects.</summary>
    private sealed class PrivateMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new("Esddns.Notifications.Private");

        public void Dispose()
        {
            // The meters live as long as the client.
        }
    }
}
