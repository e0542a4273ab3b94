namespace Esddns.Operator.Dns;

/// <summary>A file that holds a secret; read again whenever its time or length differs.</summary>
/// <param name="what">What it is called in a message: <c>token file</c>.</param>
/// <param name="file">Where it is.</param>
internal sealed class SecretFile(string what, string file)
{
    private readonly Lock _gate = new();
    private (DateTime Written, long Length, string Secret)? _read;

    /// <summary>The secret as it is now; or null with what is wrong, in words that never contain it.</summary>
    public string? Read(out string? problem)
    {
        lock (_gate)
        {
            try
            {
                // A mounted Secret is a chain of links; the target's time is the one that changes.
                var target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
                var info = new FileInfo(target);
                if (_read is not { } read || read.Written != info.LastWriteTimeUtc || read.Length != info.Length)
                    _read = read = (info.LastWriteTimeUtc, info.Length, File.ReadAllText(target));
                problem = null;
                return read.Secret;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = $"the {what} {file} cannot be read: {e.Message}";
                return null;
            }
        }
    }
}
