using Microsoft.Win32.SafeHandles;

namespace Esddns.Operator.State;

// Stryker disable all : the tests run on Linux, where none of this is called.

/// <summary>
/// The same elsewhere than on Linux, as far as .NET can: a link is seen, but not refused when a file is opened.
/// </summary>
internal static partial class PlainFile
{
    private static FileKind PortableKindOf(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is not null ? FileKind.Link
            : file.Exists ? FileKind.Regular
            : Directory.Exists(path) ? FileKind.Other
            : FileKind.None;
    }

    private static SafeFileHandle PortableOpen(string path, int flags)
    {
        var mode = (flags & Create) != 0 ? FileMode.OpenOrCreate : FileMode.Open;
        return File.OpenHandle(path, mode, (flags & ReadWrite) != 0 ? FileAccess.ReadWrite : FileAccess.Read);
    }
}
