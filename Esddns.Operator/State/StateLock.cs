using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Esddns.Operator.State;

/// <summary>
/// Lets one process at a time use a state file: two would take each other's values for somebody else's. The lock is
/// <c>&lt;file&gt;.lock</c>, with the process id in it; it ends with the process, and the file stays.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const int MaxId = 20;
    private readonly SafeFileHandle? _handle;

    private StateLock(SafeFileHandle? handle) => _handle = handle;

    /// <summary>
    /// Takes the lock. A place where none can be made is no reason not to start: the state file reports it.
    /// </summary>
    /// <param name="file">The state file; null when there is none, and nothing to lock.</param>
    /// <param name="refusal">One line for people: who has it, and what to do.</param>
    /// <returns>The lock; null when another process has it.</returns>
    public static StateLock? TryTake(string? file, out string? refusal)
    {
        refusal = null;
        if (file is null)
            return new StateLock(null);
        SafeFileHandle? handle = null;
        try
        {
            PlainFile.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
            handle = PlainFile.OpenToWrite(file + ".lock", create: true);
            if (PlainFile.TryLock(handle))
            {
                WriteOwnId(handle);
                return new StateLock(handle);
            }

            refusal =
                $"The state file {file} is in use by {Holder(handle)}. Ask that process for a round "
                + "(POST /sync on its API, by default http://127.0.0.1:8080), or set Esddns:State:File to "
                + "another file.";
            handle.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new StateLock(handle);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();

    private static void WriteOwnId(SafeFileHandle handle)
    {
        RandomAccess.SetLength(handle, 0);
        RandomAccess.Write(handle, Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
    }

    private static string Holder(SafeFileHandle handle)
    {
        Span<byte> text = stackalloc byte[MaxId];
        var length = RandomAccess.Read(handle, text, 0);
        var digits = text[..length].TrimEnd((byte)'\n');
        var isId = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        return isId ? $"process {id}" : "another process";
    }
}
