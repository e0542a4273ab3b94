namespace Esddns.Simulator.LiveDns;

/// <summary>One request to LiveDNS. It has the name of the token, never its value.</summary>
internal sealed record LoggedRequest(
    long Sequence,
    DateTimeOffset Start,
    DateTimeOffset End,
    string Method,
    string Path,
    string? Token,
    string? UserAgent,
    int? Status,
    string? Body
);
