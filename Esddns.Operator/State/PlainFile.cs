using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Esddns.Operator.State;

/// <summary>
/// Files that somebody else may have replaced by something that harms: no symbolic link is followed, nothing but a
/// regular file is read, and no call waits for another process. .NET has no such opening; on Linux it is libc's,
/// elsewhere .NET's has to do.
/// </summary>
internal static partial class PlainFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// What is at <paramref name="path"/> itself, a link included; <see cref="FileKind.None"/> when nothing can be
    /// found out.
    /// </summary>
    public static FileKind KindOf(string path) =>
        OperatingSystem.IsLinux() ? KindOf(CurrentFolder, path, SymlinkNoFollow) : PortableKindOf(path);

    /// <summary>Reads a regular file whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">The longest that is read.</param>
    /// <param name="followLinks">Whether a link is followed, as for a mounted Secret.</param>
    /// <exception cref="IOException">It cannot be opened, is not a regular file or is too long; the message does not
    /// name it.</exception>
    public static byte[] Read(string path, int mostBytes, bool followLinks = false)
    {
        using var handle = Open(path, ReadOnly | (followLinks ? 0 : NoFollow));
        var length = RandomAccess.GetLength(handle);
        if (length > mostBytes)
            throw new IOException($"it has {length} bytes, more than {mostBytes}");
        var bytes = new byte[length];
        using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Opens a regular file to write to, and makes it for the owner alone when there is none.</summary>
    /// <exception cref="IOException">It cannot be opened or is not a regular file; the message does not name
    /// it.</exception>
    public static SafeFileHandle OpenToWrite(string path, bool create) =>
        Open(path, ReadWrite | NoFollow | (create ? Create : 0));

    /// <summary>
    /// Makes a file for the owner alone, in place of what an earlier process left there: never through a planted link.
    /// </summary>
    public static FileStream CreateAnew(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Makes a folder, for the owner alone when it is new.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Writes the names in a folder to the disk: a rename outlives a power cut only after that.</summary>
    public static void FlushFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var folder = OpenAny(path, ReadOnly);
        RandomAccess.FlushToDisk(folder);
    }

    /// <summary>
    /// Takes the exclusive lock of an open file; the kernel gives it back when the process ends, however it ends.
    /// </summary>
    /// <returns>False when another process has it. A file system without locks locks nobody out.</returns>
    public static bool TryLock(SafeFileHandle handle) =>
        !OperatingSystem.IsLinux()
        || Flock(handle, LockExclusive | LockNonBlocking) == 0
        || Marshal.GetLastPInvokeError() != WouldBlock;

    private static SafeFileHandle Open(string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
            return PortableOpen(path, flags);
        var handle = OpenAny(path, flags);
        if (KindOf((int)handle.DangerousGetHandle(), "", EmptyPath) == FileKind.Regular)
            return handle;
        handle.Dispose();
        throw new IOException("it is not a regular file");
    }

    private static SafeFileHandle OpenAny(string path, int flags)
    {
        var handle = OpenFile(path, flags | NonBlocking | CloseOnExec, (int)OwnerOnly);
        if (!handle.IsInvalid)
            return handle;
        var error = Marshal.GetLastPInvokeError();
        throw new IOException(error == TooManyLinks ? "it is a symbolic link" : Marshal.GetPInvokeErrorMessage(error));
    }

    private static FileKind KindOf(int folder, string path, int flags)
    {
        Span<byte> found = stackalloc byte[StatusLength];
        if (Status(folder, path, flags, StatusType, ref MemoryMarshal.GetReference(found)) != 0)
            return FileKind.None;
        return (MemoryMarshal.Read<ushort>(found[StatusMode..]) & TypeMask) switch
        {
            RegularType => FileKind.Regular,
            LinkType => FileKind.Link,
            _ => FileKind.Other,
        };
    }
}
