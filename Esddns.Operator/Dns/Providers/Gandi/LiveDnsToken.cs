using System.Net.Http.Headers;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>Gets a token from where it is; or null with what is wrong, in words that never contain it.</summary>
internal delegate string? TokenReader(out string? problem);

/// <summary>
/// The credentials for a request, read anew for each, so that a rotated token is used without a restart.
/// </summary>
internal sealed class LiveDnsToken(TokenReader read, string where, LiveDnsScheme scheme)
{
    private const int ApikeyLength = 24;

    /// <summary>The header for a request; or null with what is wrong.</summary>
    public AuthenticationHeaderValue? Header(out string? problem)
    {
        if (read(out problem)?.Trim() is not { } token)
            return null;
        problem = Problem(token);
        return problem is null ? new AuthenticationHeaderValue(SchemeOf(token), token) : null;
    }

    private string SchemeOf(string token) =>
        scheme switch
        {
            LiveDnsScheme.Auto => token.Length == ApikeyLength && token.All(char.IsAsciiLetterOrDigit)
                ? "Apikey"
                : "Bearer",
            var named => named.ToString(),
        };

    /// <summary>A header takes visible ASCII only; anything else must not end up in an exception message.</summary>
    private string? Problem(string token) =>
        token.Length == 0 ? $"{where} is empty"
        : token.All(c => c is > ' ' and < (char)127) ? null
        : $"{where} has spaces or other characters that no token has";
}
