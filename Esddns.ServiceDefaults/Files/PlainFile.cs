using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Esddns.Files;

/// <summary>
/// Safe access to files that another user may have replaced. It follows no symbolic link, reads only regular files, and
/// never waits for another process. .NET cannot open files this way; on Linux it uses libc, on other systems .NET.
/// </summary>
public static partial class PlainFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// The type of the file at <paramref name="path"/>, without following a symbolic link; <see cref="FileKind.None"/>
    /// when it cannot be determined.
    /// </summary>
    public static FileKind KindOf(string path) =>
        OperatingSystem.IsLinux() ? KindOf(CurrentFolder, path, SymlinkNoFollow) : PortableKindOf(path);

    /// <summary>Reads a complete regular file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The maximum size in bytes.</param>
    /// <param name="followLinks">Whether a symbolic link is followed, as needed for a mounted Secret.</param>
    /// <exception cref="IOException">The file cannot be opened, is not a regular file, or is too large. The message
    /// does not contain the path.</exception>
    public static byte[] Read(string path, int maxBytes, bool followLinks = false)
    {
        using var handle = Open(path, ReadOnly | (followLinks ? 0 : NoFollow));
        var length = RandomAccess.GetLength(handle);
        if (length > maxBytes)
            throw new IOException($"it has {length} bytes, more than {maxBytes}");
        var bytes = new byte[length];
        using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>
    /// Reads a complete text file in UTF-8. Follows symbolic links, because Kubernetes mounts a Secret as a chain of
    /// them.
    /// </summary>
    /// <inheritdoc cref="Read" path="/param[@name!='followLinks']|/exception"/>
    public static string ReadText(string path, int maxBytes)
    {
        using var reader = new StreamReader(new MemoryStream(Read(path, maxBytes, followLinks: true)));
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Opens a regular file for writing. Creates it with access for the owner only when <paramref name="create"/> is
    /// true.
    /// </summary>
    /// <exception cref="IOException">The file cannot be opened or is not a regular file. The message does not contain
    /// the path.</exception>
    public static SafeFileHandle OpenToWrite(string path, bool create) =>
        Open(path, ReadWrite | NoFollow | (create ? Create : 0));

    /// <summary>
    /// Creates a file with access for the owner only, and deletes an existing one first, so that it never writes
    /// through a planted link.
    /// </summary>
    public static FileStream CreateAnew(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>
    /// Replaces a file, so that one complete file always exists: writes a new one beside it (<c>.next</c>), flushes it
    /// to the disk and renames it. Creates the folder when there is none.
    /// </summary>
    /// <exception cref="IOException">The file cannot be replaced. The message may contain the path.</exception>
    public static void Replace(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var folder = Path.GetDirectoryName(path)!;
        CreateFolder(folder);
        if (KindOf(path) == FileKind.Other)
            throw new IOException("it is not a regular file; move it away");
        var next = path + ".next";
        using (var file = CreateAnew(next))
        {
            write(file);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
        FlushFolder(folder);
    }

    /// <summary>Creates a folder, with access for the owner only when it is new.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Flushes the entries of a folder to the disk. Only then does a rename survive a power failure.</summary>
    public static void FlushFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var folder = OpenAny(path, ReadOnly);
        RandomAccess.FlushToDisk(folder);
    }

    /// <summary>Takes the exclusive lock of an open file. The kernel releases it when the process ends.</summary>
    /// <returns>False when another process holds the lock. On a file system without locks, it always
    /// succeeds.</returns>
    public static bool TryLock(SafeFileHandle handle) =>
        !OperatingSystem.IsLinux()
        || Flock(handle, LockExclusive | LockNonBlocking) == 0
        || Marshal.GetLastPInvokeError() != WouldBlock;

    /// <summary>
    /// Releases the lock of an open file. Closing the file is not enough: a child process that another thread starts at
    /// this moment has a copy of the handle, and with it the lock.
    /// </summary>
    public static void Unlock(SafeFileHandle handle)
    {
        if (OperatingSystem.IsLinux())
            _ = Flock(handle, LockRelease);
    }

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
        // Libc would ignore the rest of the path.
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("the path contains a NUL character");
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
