using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Esddns.Files;

/// <summary>The functions of libc and their constants on Linux (fcntl.h, sys/stat.h, linux/stat.h).</summary>
public static partial class PlainFile
{
    private const int ReadOnly = 0,
        ReadWrite = 2,
        Create = 0x40,
        NonBlocking = 0x800,
        CloseOnExec = 0x80000;
    private const int LockExclusive = 2,
        LockNonBlocking = 4,
        LockRelease = 8;
    private const int CurrentFolder = -100,
        SymlinkNoFollow = 0x100,
        EmptyPath = 0x1000;

    /// <summary>The file type bits of a mode.</summary>
    private const int TypeMask = 0xF000,
        RegularType = 0x8000,
        LinkType = 0xA000;

    /// <summary>
    /// struct statx: its length, the offset of stx_mode, and the bit that requests the type. Equal on all
    /// architectures.
    /// </summary>
    private const int StatusLength = 256,
        StatusMode = 28,
        StatusType = 1;

    /// <summary>ELOOP and EWOULDBLOCK.</summary>
    private const int TooManyLinks = 40,
        WouldBlock = 11;

    /// <summary>O_NOFOLLOW, which differs between architectures.</summary>
    private static int NoFollow =>
        RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.Arm or Architecture.Armv6 or Architecture.Arm64 or Architecture.Ppc64le => 0x8000,
            _ => 0x20000,
        };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int folder, string path, int flags, uint mask, ref byte found);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flock(SafeFileHandle handle, int operation);
}
