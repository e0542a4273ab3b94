using Microsoft.Win32.SafeHandles;

namespace Esddns.Files;

// Stryker disable all : the tests run on Linux, which does not use this code.

/// <summary>
/// The implementation for systems other than Linux, with the means of .NET: it detects a symbolic link, but does not
/// reject one when it opens a file.
/// </summary>
public static partial class PlainFile
{
    private static FileKind PortableKindOf(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            return FileKind.Link;
        if (file.Exists)
            return FileKind.Regular;
        return Directory.Exists(path) ? FileKind.Other : FileKind.None;
    }

    private static SafeFileHandle PortableOpen(string path, int flags)
    {
        var mode = (flags & Create) != 0 ? FileMode.OpenOrCreate : FileMode.Open;
        return File.OpenHandle(path, mode, (flags & ReadWrite) != 0 ? FileAccess.ReadWrite : FileAccess.Read);
    }
}
