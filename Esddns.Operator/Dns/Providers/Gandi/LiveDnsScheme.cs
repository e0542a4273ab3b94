namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>The authentication scheme (<see href="https://api.gandi.net/docs/authentication/"/>).</summary>
internal enum LiveDnsScheme
{
    /// <summary>
    /// Detects the scheme: a token of 24 letters and digits is a classic API key, any other is a personal access token.
    /// </summary>
    Auto,

    /// <summary><c>Authorization: Bearer</c>, for personal access tokens.</summary>
    Bearer,

    /// <summary><c>Authorization: Apikey</c>, for classic API keys, which Gandi no longer issues.</summary>
    Apikey,
}
