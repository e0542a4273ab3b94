using Esddns.Files;
using Esddns.Operator.Dns;

namespace Esddns.Operator.Configuration;

/// <summary>
/// Reads secrets from a setting, or from a file that another setting names. No message repeats a value that is or may
/// be a secret.
/// </summary>
internal static class SecretSettings
{
    /// <summary>
    /// Reads a secret. Validates a file even when its consumer reads it again later. Setting both is an error, except
    /// for a variable of the old system: it overrides the file.
    /// </summary>
    /// <param name="reader">Reads the settings and collects the errors.</param>
    /// <param name="key">The setting with the secret.</param>
    /// <param name="fileKey">The setting with its file.</param>
    /// <param name="isUsed">Whether the secret is used; otherwise its file need not exist, and is not read.</param>
    /// <returns>The key of the setting, and the secret; null when none is set or it is invalid.</returns>
    public static (string Key, string? Secret) Read(
        SettingsReader reader,
        string key,
        string fileKey,
        bool isUsed = true
    )
    {
        var (secret, file) = (reader.Text(key), reader.Text(fileKey));
        if (file is null || (secret is not null && reader.IsLegacy(key)))
            return (key, secret);
        if (secret is null)
            return (fileKey, isUsed ? ReadFile(reader, fileKey, file) : null);
        reader.Error(fileKey, $"cannot be combined with {key}; remove one of them.");
        return (key, null);
    }

    /// <summary>
    /// Reports a token with invalid characters: a header allows visible ASCII only (RFC 6750 section 2.1).
    /// </summary>
    public static void CheckToken(SettingsReader reader, string key, string? token)
    {
        if (token?.All(c => c is > ' ' and < (char)127) == false)
            reader.Error(key, "contains a space, a control character or a non-ASCII character; check the token.");
    }

    private static string? ReadFile(SettingsReader reader, string key, string file)
    {
        // A value that is not a rooted path may be the secret itself, in the wrong setting.
        var name = Path.IsPathRooted(file) ? $"the file {file}" : "the file";
        try
        {
            var text = PlainFile.ReadText(file, CredentialFile.MaxBytes).Trim();
            if (text.Length > 0)
                return text;
            reader.Error(key, $"{name} is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.Error(key, $"{name} cannot be read: {e.Message}.");
        }

        return null;
    }
}
