using System.Net;
using System.Text;

namespace Esddns.Operator.Notifications.Channels;

/// <summary>Failures that a service reports with a status of success.</summary>
internal static class ServiceAnswer
{
    private const int MaxBytes = 256;
    private const string NotConfirmed = "the answer of the service does not confirm the ping";

    /// <summary>The problem that an answer of success hides; null when there is none. Only the answers to pings are
    /// read, and no problem repeats them.</summary>
    public static async Task<string?> ProblemAsync(
        ChannelType type,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        switch (type)
        {
            // https://github.com/caronc/apprise-api: 204 for a key without configuration.
            case ChannelType.Apprise when response.StatusCode == HttpStatusCode.NoContent:
                return "the Apprise API has no configuration for this key";
            case ChannelType.Healthchecks:
                return OfHealthchecks(await ReadAsync(response, cancellationToken));
            case ChannelType.UptimeKuma:
                var answer = await ReadAsync(response, cancellationToken);
                // An unknown path gets its web page, also with 200.
                return answer
                    .Replace(" ", "", StringComparison.Ordinal)
                    .StartsWith("""{"ok":true""", StringComparison.Ordinal)
                    ? null
                    : NotConfirmed;
            default:
                return null;
        }
    }

    /// <summary>
    /// "OK (not found)" and "OK (rate limited)" have the status 200 (https://healthchecks.io/docs/http_api/). A check
    /// that the ping creates is "Created".
    /// </summary>
    private static string? OfHealthchecks(string answer) =>
        answer switch
        {
            "OK" or "Created" => null,
            "OK (not found)" => "the service does not know this check",
            "OK (rate limited)" => "the service limits the pings",
            _ => NotConfirmed,
        };

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = new byte[MaxBytes];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var count = await stream.ReadAtLeastAsync(bytes, MaxBytes, throwOnEndOfStream: false, cancellationToken);
        return Encoding.Latin1.GetString(bytes, 0, count).Trim();
    }
}
