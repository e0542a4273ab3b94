using System.Net.Http.Headers;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>Reads a token; or returns null and the problem, which never contains the token.</summary>
internal delegate string? TokenReader(out string? problem);

/// <summary>
/// The credentials for requests. They are read again for each request, so a rotated token takes effect without a
/// restart.
/// </summary>
internal sealed class LiveDnsToken(TokenReader read, string source, LiveDnsScheme scheme)
{
    private const int ApikeyLength = 24;

    /// <summary>The authorization header; or null and the problem.</summary>
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

    /// <summary>
    /// Validates a token: a header allows only visible ASCII. An invalid value must not appear in an exception message.
    /// </summary>
    private string? Problem(string token)
    {
        if (token.Length == 0)
            return $"{source} is empty";
        var isValid = token.All(c => c is > ' ' and < (char)127);
        return isValid ? null : $"{source} contains a space, a control character or a non-ASCII character";
    }
}
