using System.Security.Cryptography;
using System.Text;
using Esddns.Operator.Files;

namespace Esddns.Operator.Api;

/// <summary>
/// The secret that allows a caller from another machine to request a round. It is compared, and never printed.
/// </summary>
/// <param name="token">The token; null when it is in a file.</param>
/// <param name="file">The file that holds the token. It is read at each use, so a changed token takes effect at
/// once.</param>
internal sealed class ApiToken(string? token, string? file)
{
    /// <summary>The maximum size of the file, in bytes.</summary>
    private const int MaxFile = 4096;

    /// <summary>Reads the token and validates it.</summary>
    /// <returns>The problem, to be appended to the name of the setting; null when the token is usable.</returns>
    public string? Check() => Read().Problem;

    /// <summary>Whether <paramref name="presented"/> is the token. The comparison takes constant time.</summary>
    public bool Matches(string presented) =>
        Read().Token is { } expected && CryptographicOperations.FixedTimeEquals(Hash(expected), Hash(presented));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private (string? Token, string? Problem) Read()
    {
        try
        {
            var text = (file is null ? token : PlainFile.ReadText(file, MaxFile))?.Trim();
            if (string.IsNullOrEmpty(text))
                return (null, "is empty.");
            return text.All(c => c is > ' ' and < '\x7f')
                ? (text, null)
                : (null, "contains a space or a non-ASCII character.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot be read: {e.Message}.");
        }
    }
}
