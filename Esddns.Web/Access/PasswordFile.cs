using System.Security.Cryptography;
using System.Text;
using Esddns.Files;

namespace Esddns.Web.Access;

/// <summary>
/// The users of the basic authentication, one a line:
/// <code>
/// # people
/// alice:correct horse
/// </code>
/// The file is read at each use, so a change takes effect at once. Its content is compared, and never printed.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class PasswordFile(string path)
{
    /// <summary>The maximum size of the file, in bytes.</summary>
    private const int MaxFile = 16 * 1024;

    /// <summary>Reads the file and validates it.</summary>
    /// <returns>The problem, to be appended to the name of the file; null when it is usable.</returns>
    public string? Check() => Read().Problem;

    /// <summary>
    /// Whether <paramref name="presented"/>, a user and a password with a colon between them, is in the file. The time
    /// depends neither on the user nor on the place in the file.
    /// </summary>
    public bool Matches(string presented)
    {
        var (hash, isFound) = (Hash(presented), false);
        foreach (var line in Read().Lines)
            isFound |= CryptographicOperations.FixedTimeEquals(Hash(line), hash);
        return isFound;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private (string[] Lines, string? Problem) Read()
    {
        try
        {
            var lines = PlainFile.ReadText(path, MaxFile).Split('\n', StringSplitOptions.TrimEntries);
            var wrong = Array.FindIndex(lines, line => IsUser(line) && !IsComplete(line));
            if (wrong >= 0)
                return ([], $"has no user:password in line {wrong + 1}.");
            string[] users = [.. lines.Where(IsUser)];
            return (users, users is [] ? "has no user:password." : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], $"cannot be read: {e.Message}.");
        }
    }

    private static bool IsUser(string line) => line.Length > 0 && line[0] != '#';

    private static bool IsComplete(string line) => line.IndexOf(':') is > 0 and var colon && colon < line.Length - 1;
}
