using Esddns.Files;

namespace Esddns.Access;

/// <summary>A small file that holds a secret, such as the key of a mounted Secret of the cluster.</summary>
public static class SecretFile
{
    /// <summary>The maximum size of the file, in bytes.</summary>
    public const int MaxBytes = 4096;

    /// <summary>
    /// Reads the file, without white space at both ends. An optional Secret that does not exist yet is mounted as an
    /// empty folder: this is no problem, and there is no secret.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">The end of a sentence that begins with the setting or the path; null without a
    /// problem. It never contains the secret.</param>
    /// <returns>The secret; null when there is none.</returns>
    public static string? Read(string path, out string? problem)
    {
        problem = null;
        try
        {
            var text = PlainFile.ReadText(path, MaxBytes).Trim();
            if (text.Length > 0)
                return text;
            problem = "is empty.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = IsAwaited(path) ? null : $"cannot be read: {e.Message}.";
        }

        return null;
    }

    /// <summary>
    /// Whether the folder of the file exists and is empty. Kubernetes keeps entries of its own there, such as
    /// <c>..data</c>.
    /// </summary>
    private static bool IsAwaited(string path)
    {
        try
        {
            return Path.GetDirectoryName(path) is { Length: > 0 } folder
                && Directory
                    .EnumerateFileSystemEntries(folder)
                    .All(entry => Path.GetFileName(entry).StartsWith("..", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
