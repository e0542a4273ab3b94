using System.Net.Sockets;
using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>A connection to the name server. All messages are signed, and only signed responses are accepted.</summary>
internal sealed class UpdateSession : IDisposable
{
    private readonly DnsConnection _connection;
    private readonly Tsig _tsig;
    private readonly UpdateOptions _options;
    private readonly OperatorMetrics _metrics;
    private readonly TimeProvider _time;

    private UpdateSession(
        DnsConnection connection,
        TsigSecret key,
        UpdateOptions options,
        OperatorMetrics metrics,
        TimeProvider time
    )
    {
        (_connection, _options, _metrics, _time) = (connection, options, metrics, time);
        _tsig = new Tsig(options.KeyName, key, time);
    }

    /// <summary>Opens the connection.</summary>
    public static async Task<(UpdateSession? Session, ProviderFault? Fault)> OpenAsync(
        TsigSecret key,
        UpdateOptions options,
        OperatorMetrics metrics,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var what = $"connect to {options.Server.Authority}";
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var connection = await DnsConnection.OpenAsync(options.Server.IdnHost, options.Port, time, linked.Token);
            return (new UpdateSession(connection, key, options, metrics, time), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, UpdateFaults.Timeout(what, options.Timeout));
        }
        catch (SocketException e)
        {
            return (null, UpdateFaults.Network(what, e));
        }
    }

    /// <summary>Sends a message. Returns the response when it is authentic and not an error.</summary>
    /// <param name="operation">For metrics: <c>query</c>, <c>check</c> or <c>update</c>.</param>
    /// <param name="key">The record, for messages.</param>
    /// <param name="message">The unsigned message.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<(DnsMessage? Answer, ProviderFault? Fault)> ExchangeAsync(
        string operation,
        RecordKey key,
        byte[] message,
        CancellationToken cancellationToken
    )
    {
        var what = $"{operation} {key}";
        var (signed, mac) = _tsig.Sign(message);
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var raw = await _connection.ExchangeAsync(signed, linked.Token);
            if (!DnsMessage.TryRead(raw, out var answer) || answer!.OpCode != ((message[2] >> 3) & 0xF))
            {
                _metrics.ProviderRequest(operation, "unreadable");
                return (null, UpdateFaults.Unreadable(what, "the response is not readable"));
            }

            _metrics.ProviderRequest(operation, answer.Code.ToString().ToUpperInvariant());
            var fault = UpdateFaults.Of(what, key.Zone, answer, _tsig.Verify(raw, mac), _options.KeyName);
            return fault is null ? (answer, null) : (null, fault);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _metrics.ProviderRequest(operation, "none");
            return (null, UpdateFaults.Timeout(what, _options.Timeout) with { Unconfirmed = true });
        }
        catch (IOException e)
        {
            _metrics.ProviderRequest(operation, "none");
            return (null, UpdateFaults.Network(what, e) with { Unconfirmed = true });
        }
    }

    /// <summary>Sends an unsigned query; null without a response. The response is not authenticated.</summary>
    public async Task<DnsMessage?> QueryUnsignedAsync(byte[] query, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var raw = await _connection.ExchangeAsync(query, linked.Token);
            return DnsMessage.TryRead(raw, out var answer) ? answer : null;
        }
        catch (Exception e)
            when (e is IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
