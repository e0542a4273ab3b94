using System.Text.Json;
using Polly;

namespace Esddns.Web.Status;

/// <summary>Asks the operator.</summary>
internal sealed class OperatorClient(HttpClient http)
{
    /// <summary>Its status, or null with the reason when there is none to be had.</summary>
    public async Task<(StatusDocument? Status, string? Problem)> StatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await http.GetFromJsonAsync("status", StatusJson.Default.StatusDocument, cancellationToken), null);
        }
        catch (HttpRequestException e)
        {
            return (null, e.StatusCode is { } status ? $"it answered {(int)status}" : e.InnerException?.Message ?? e.Message);
        }
        catch (ExecutionRejectedException)
        {
            return (null, "it did not answer in time");
        }
        catch (JsonException)
        {
            return (null, "its answer is not a status");
        }
    }
}
