using System.Globalization;
using System.Text;
using Esddns.Files;
using Microsoft.Win32.SafeHandles;

namespace Esddns.Operator.State;

/// <summary>
/// Allows only one process at a time to use a state file: two processes would treat each other's values as foreign. The
/// lock file is <c>&lt;file&gt;.lock</c> and contains the process id. The lock ends with the process; the file stays.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const int MaxId = 20;
    private readonly SafeFileHandle? _handle;

    private StateLock(SafeFileHandle? handle, string? problem = null) => (_handle, Problem) = (handle, problem);

    /// <summary>
    /// Why the state file is not locked; null when it is, when there is no state file, and when the state file reports
    /// the problem itself.
    /// </summary>
    public string? Problem { get; }

    /// <summary>
    /// Takes the lock. When no lock file can be created, the start continues, because the state file reports that
    /// problem.
    /// </summary>
    /// <param name="file">The state file; null without one, and then no lock is needed.</param>
    /// <param name="refusal">One line for people: the holder of the lock, and what to do.</param>
    /// <returns>The lock; null when another process holds it.</returns>
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

            var holder = Holder(handle);
            refusal =
                $"The state file {file} is in use by {holder}. Request a round from that process "
                + "(POST /sync on its API, by default http://127.0.0.1:8080), or set Esddns:State:File to "
                + "another file.";
            handle.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a folder there is no state file either, and its own report is enough.
            var isOccupied = Path.Exists(file + ".lock") || new FileInfo(file + ".lock").LinkTarget is not null;
            var reason = e.Message.TrimEnd('.');
            return new StateLock(handle, isOccupied ? $"{file}.lock cannot be used: {reason}" : null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle is not { IsClosed: false })
            return;
        PlainFile.Unlock(_handle);
        _handle.Dispose();
    }

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
