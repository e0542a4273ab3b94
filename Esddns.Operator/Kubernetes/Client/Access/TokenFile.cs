using System.Net.Http.Headers;

namespace Esddns.Operator.Kubernetes.Client.Access;

/// <summary>Reads a token from a file that another program renews, such as the kubelet.</summary>
internal sealed class TokenFile(string path, TimeProvider time) : IRequestCredentials
{
    /// <summary>
    /// How long a token is used before the file is read again. The kubelet renews it long before it expires.
    /// </summary>
    private static readonly TimeSpan s_cacheTime = TimeSpan.FromMinutes(1);

    private Token? _last;

    /// <inheritdoc/>
    public async ValueTask<AuthenticationHeaderValue> HeaderAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < s_cacheTime)
            return last.Header;
        try
        {
            var text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            return (_last = new Token(new("Bearer", text), time.GetTimestamp())).Header;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HttpRequestException($"the token file {path} cannot be read: {e.Message}");
        }
    }

    private sealed record Token(AuthenticationHeaderValue Header, long At);
}
