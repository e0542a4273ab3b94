using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>The contribution of one source to a verdict.</summary>
/// <param name="Source">The name of the source.</param>
/// <param name="Provider">The provider of the source.</param>
/// <param name="Class">The evidence class of the source.</param>
/// <param name="Address">The reported address; null when the source reported none.</param>
/// <param name="Counted">Whether this is the vote of the provider.</param>
/// <param name="Reason">The reason why it is not the vote of the provider; null when it is.</param>
/// <param name="Via">The node that polled the source and passed the observation on; null when this host polled
/// it.</param>
/// <param name="Seconds">How long the source took to report the address; null when it reported none, or another node
/// polled it.</param>
internal sealed record Vote(
    string Source,
    [property: System.Text.Json.Serialization.JsonPropertyName("operator")] string Provider,
    EvidenceClass Class,
    IPAddress? Address,
    bool Counted,
    string? Reason,
    string? Via = null,
    double? Seconds = null
)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var source = Via is null ? Source : $"{Source} at {Via}";
        var answer = Address is null ? "no address" : Address.ToString();
        return $"{source} reports {answer}" + (Reason is null ? "" : $" ({Reason})");
    }
}
