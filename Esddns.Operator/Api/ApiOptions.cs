using Esddns.Access;

namespace Esddns.Operator.Api;

/// <summary>
/// The section <c>Esddns:Api</c>: the allowed host names of the API, and the token for requests from other machines.
/// </summary>
internal sealed record ApiOptions
{
    /// <summary>Additional host names under which the API may be called, without port. Default none.</summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// The token that a caller from another machine must send to request a round; null when such calls are rejected.
    /// Default null.
    /// </summary>
    public ApiToken? Token { get; init; }
}
