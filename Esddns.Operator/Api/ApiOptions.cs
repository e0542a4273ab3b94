namespace Esddns.Operator.Api;

/// <summary>The section <c>Esddns:Api</c>: by which names the API may be called, and who may ask for a round.</summary>
internal sealed record ApiOptions
{
    /// <summary>Names, beside its own, by which the API may be called; without port. Default none.</summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// What a caller from another machine presents to ask for a round; null when none may. Default null.
    /// </summary>
    public ApiToken? Token { get; init; }
}
