using System.Net.Http.Headers;

namespace Esddns.Operator.Dns.Gandi;

/// <summary>
/// The credentials for a request. A file is read again whenever its time or length differs, so a rotated token is used at the
/// next request without a restart.
/// </summary>
internal sealed class LiveDnsToken(string? value, string? tokenFile, LiveDnsScheme scheme)
{
    private const int ApikeyLength = 24;
    private readonly Lock _gate = new();
    private (DateTime Written, long Length, string Token)? _read;

    /// <summary>The header for a request; or null with what is wrong with the file.</summary>
    public AuthenticationHeaderValue? Header(out string? problem)
    {
        var token = tokenFile is { } file ? FromFile(file, out problem) : Usable(value ?? "", "the token", out problem);
        return token is null ? null : new AuthenticationHeaderValue(SchemeOf(token), token);
    }

    private string SchemeOf(string token) => scheme switch
    {
        LiveDnsScheme.Auto => token.Length == ApikeyLength && token.All(char.IsAsciiLetterOrDigit) ? "Apikey" : "Bearer",
        var named => named.ToString(),
    };

    private string? FromFile(string file, out string? problem)
    {
        lock (_gate)
        {
            try
            {
                // A mounted Secret is a chain of links; the target's time is the one that changes.
                var target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
                var info = new FileInfo(target);
                if (_read is { } read && read.Written == info.LastWriteTimeUtc && read.Length == info.Length)
                    return Usable(read.Token, file, out problem);
                var token = File.ReadAllText(target).Trim();
                _read = (info.LastWriteTimeUtc, info.Length, token);
                return Usable(token, file, out problem);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = $"the token file {file} cannot be read: {e.Message}";
                return null;
            }
        }
    }

    /// <summary>A header takes visible ASCII only; anything else must not end up in an exception message.</summary>
    private static string? Usable(string token, string where, out string? problem)
    {
        problem = token.Length == 0 ? $"{where} is empty"
            : token.All(c => c is > ' ' and < (char)127) ? null
            : $"{where} has spaces or other characters that no token has";
        return problem is null ? token : null;
    }
}
