namespace Esddns.Operator.Dns;

/// <summary>
/// A file that holds a credential. It is read anew for each use: a new one is used at once, however it came there.
/// </summary>
internal sealed record CredentialFile(string Path)
{
    /// <summary>The most bytes that a credential has.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>What the file holds; or null with what is wrong, in words that never contain it.</summary>
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
        // A mounted Secret is a chain of links. What is no regular file, and may never end, has no length: it stays
        // shut.
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
