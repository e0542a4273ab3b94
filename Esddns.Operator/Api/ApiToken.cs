using System.Security.Cryptography;
using System.Text;

namespace Esddns.Operator.Api;

/// <summary>
/// The secret that lets a caller from another machine ask for a round. It is compared, and never shown.
/// </summary>
/// <param name="token">The token itself; null when it is in a file.</param>
/// <param name="file">A file that holds it. It is read at each use, so that a changed token counts at once.</param>
internal sealed class ApiToken(string? token, string? file)
{
    /// <summary>The largest file that is read, in bytes.</summary>
    private const int MaxFile = 4096;

    /// <summary>Reads the token, and tells whether there is a usable one.</summary>
    /// <returns>What is wrong with it, to be said after the name of its setting; null when it is usable.</returns>
    public string? Check() => Read().Problem;

    /// <summary>
    /// Whether <paramref name="presented"/> is the token. The time that this takes does not depend on how alike they
    /// are.
    /// </summary>
    public bool Matches(string presented) =>
        Read().Token is { } expected && CryptographicOperations.FixedTimeEquals(Hash(expected), Hash(presented));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private (string? Token, string? Problem) Read()
    {
        try
        {
            var text = (file is null ? token : ReadFile(file))?.Trim();
            if (string.IsNullOrEmpty(text))
                return (null, "is empty.");
            return text.All(c => c is > ' ' and < '\x7f')
                ? (text, null)
                : (null, "has a space, or a character outside of ASCII.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot be read: {e.Message}");
        }
    }

    private static string ReadFile(string file)
    {
        // A mounted Secret is a chain of links.
        var target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        // A pipe or a device has no length, and is not opened.
        return new FileInfo(target).Length switch
        {
            0 => "",
            > MaxFile => throw new IOException($"it is larger than {MaxFile} bytes."),
            _ => File.ReadAllText(target),
        };
    }
}
