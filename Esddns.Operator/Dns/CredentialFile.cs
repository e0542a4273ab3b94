using Esddns.Files;

namespace Esddns.Operator.Dns;

/// <summary>
/// A file that contains a credential. It is read again for each use, so a new credential takes effect at once.
/// </summary>
internal sealed record CredentialFile(string Path)
{
    /// <summary>The maximum size of the file in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The content of the file; or null and the problem, which never contains the credential.</summary>
    public string? Read(out string? problem)
    {
        try
        {
            var text = PlainFile.ReadText(Path, MaxBytes);
            problem = text.Length == 0 ? $"the file {Path} is empty" : null;
            return problem is null ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"the file {Path} cannot be read: {e.Message.TrimEnd('.')}";
            return null;
        }
    }
}
