using System.Text;
using Esddns.Operator.State;

namespace Esddns.Operator.Configuration;

/// <summary>
/// Secrets: in a setting, or in a file that another one names. No message ever repeats one, nor what may be one.
/// </summary>
internal static class SecretSettings
{
    private const int MaxBytes = 64 << 10;

    /// <summary>
    /// Reads a secret, and checks a file even when its reader will read it again. Both together are a mistake; but a
    /// variable of the old system wins over a file, as it does over everything else.
    /// </summary>
    /// <returns>The key that it was read from, and the secret; null when there is none or something is wrong.</returns>
    public static (string Key, string? Secret) Read(SettingsReader reader, string key, string fileKey)
    {
        var (secret, file) = (reader.Text(key), reader.Text(fileKey));
        if (file is null || (secret is not null && reader.IsLegacy(key)))
            return (key, secret);
        if (secret is null)
            return (fileKey, ReadFile(reader, fileKey, file));
        reader.Error(fileKey, $"is set beside {key}; keep one of them.");
        return (key, null);
    }

    /// <summary>Reports a token that cannot be one: a header takes visible ASCII only (RFC 6750 section 2.1).</summary>
    public static void CheckToken(SettingsReader reader, string key, string? token)
    {
        if (token?.All(c => c is > ' ' and < (char)127) == false)
            reader.Error(key, "has a space, a control character or a letter outside of ASCII in it; no token has.");
    }

    private static string? ReadFile(SettingsReader reader, string key, string file)
    {
        // A name that is no path may be the secret itself, in the wrong setting.
        var name = Path.IsPathRooted(file) ? $"the file {file}" : "the file that it names";
        try
        {
            var text = Encoding.UTF8.GetString(PlainFile.Read(file, MaxBytes, followLinks: true)).Trim();
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
