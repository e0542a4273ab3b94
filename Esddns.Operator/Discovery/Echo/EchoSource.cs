using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery.Echo;

/// <summary>An address source: an echo service over HTTPS or HTTP.</summary>
internal sealed class EchoSource(Uri service, IHttpClientFactory clients, int number = 1) : IAddressSource
{
    /// <inheritdoc/>
    public SourceId Id { get; } = SourceId.Of(service, EvidenceClass.Https, number);

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken)
    {
        try
        {
            var http = clients.CreateClient(EchoClients.Name(family));
            using var response = await http.GetAsync(
                service,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            if (!response.IsSuccessStatusCode)
                return Unavailable($"returned HTTP status {(int)response.StatusCode}");
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[EchoBody.MaxLength + 1];
            var length = await stream.ReadAtLeastAsync(
                buffer,
                buffer.Length,
                throwOnEndOfStream: false,
                cancellationToken
            );
            return EchoBody.TryRead(buffer.AsSpan(0, length), family, out var address)
                ? new Observation.Seen(Id, address!)
                : Unavailable($"returned a body that is not one {family} address");
        }
        catch (HttpRequestException e)
        {
            return Unavailable(e.InnerException?.Message ?? e.Message);
        }
        catch (IOException e)
        {
            return Unavailable($"the response is incomplete: {e.Message}");
        }
    }

    private Observation.Unavailable Unavailable(string reason) => new(Id, reason);
}
