using System.Security.Cryptography;
using System.Text;

namespace Esddns.Access;

/// <summary>
/// A token that allows its bearer to call an API (RFC 6750). It is compared or sent, and never printed.
/// </summary>
/// <param name="token">The token; null when it is in a file.</param>
/// <param name="file">The file that holds the token. It is read at each use, so a changed token takes effect at
/// once.</param>
public sealed class ApiToken(string? token, string? file)
{
    private const string Scheme = "Bearer ";

    /// <summary>The token that a request presents; null when it presents none.</summary>
    /// <param name="authorization">The value of the header <c>Authorization</c>.</param>
    public static string? PresentedIn(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim()
            : null;

    /// <summary>Reads the token and validates it.</summary>
    /// <param name="problem">The problem, to be appended to the name of the setting; null when there is none.</param>
    /// <returns>The token; null when it is not usable, or in a Secret that does not exist yet.</returns>
    public string? Read(out string? problem)
    {
        problem = null;
        var text = file is null ? token?.Trim() : SecretFile.Read(file, out problem);
        if (problem is not null || (text is null && file is not null))
            return null;
        problem =
            string.IsNullOrEmpty(text) ? "is empty."
            : text.All(c => c is > ' ' and < '\x7f') ? null
            : "contains a space or a non-ASCII character.";
        return problem is null ? text : null;
    }

    /// <summary>Whether <paramref name="presented"/> is the token. The comparison takes constant time.</summary>
    public bool Matches(string? presented) => Matches(presented, out _);

    /// <inheritdoc cref="Matches(string)"/>
    /// <param name="presented">The token of a request; null when it has none.</param>
    /// <param name="problem">The problem with the own token, as in <see cref="Read"/>.</param>
    public bool Matches(string? presented, out string? problem) =>
        Read(out problem) is { } expected && presented is not null && AreEqual(expected, presented);

    /// <summary>Compares two secrets in a time that tells nothing about them.</summary>
    public static bool AreEqual(string expected, string presented) =>
        CryptographicOperations.FixedTimeEquals(Hash(expected), Hash(presented));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
