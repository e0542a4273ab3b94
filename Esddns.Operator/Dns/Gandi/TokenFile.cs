namespace Esddns.Operator.Dns.Gandi;

/// <summary>A file that holds a token; read again whenever its time or length differs.</summary>
internal sealed class TokenFile(string file)
{
    private readonly Lock _gate = new();
    private (DateTime Written, long Length, string Token)? _read;

    /// <inheritdoc cref="TokenReader"/>
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
                return read.Token;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = $"the token file {file} cannot be read: {e.Message}";
                return null;
            }
        }
    }
}
