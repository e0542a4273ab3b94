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
            problem = TryRead(out var text);
            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"the file {Path} cannot be read: {e.Message.TrimEnd('.')}";
            return null;
        }
    }

    private string? TryRead(out string? text)
    {
        text = null;
        // Kubernetes mounts a Secret as a chain of symbolic links. A pipe or device has length 0 and is not opened,
        // because a read may never end.
        var file = new FileInfo(File.ResolveLinkTarget(Path, returnFinalTarget: true)?.FullName ?? Path);
        if (file.Length == 0)
            return $"{Path} is empty, or is not a regular file";
        if (file.Length > MaxBytes)
            return $"the file {Path} has {file.Length} bytes; a credential has at most {MaxBytes}";
        using var reader = file.OpenText();
        var read = new char[(int)file.Length];
        text = new string(read, 0, reader.ReadBlock(read, 0, read.Length));
        return null;
    }
}
