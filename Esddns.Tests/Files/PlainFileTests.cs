using System.Runtime.Versioning;
using Esddns.Files;

namespace Esddns.Tests.Files;

/// <summary>Files that another user may have replaced by a harmful object, such as a link or a device.</summary>
[SupportedOSPlatform("linux")]
public sealed class PlainFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-").FullName;

    private string Regular => Write("regular", "text");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void KindOf_DoesNotFollowLinks()
    {
        Assert.Equal(FileKind.Regular, PlainFile.KindOf(Regular));
        Assert.Equal(FileKind.Link, PlainFile.KindOf(Link("link", Regular)));
        Assert.Equal(FileKind.Link, PlainFile.KindOf(Link("dangling", "/nowhere/at/all")));
        Assert.Equal(FileKind.Other, PlainFile.KindOf(_folder));
        Assert.Equal(FileKind.Other, PlainFile.KindOf("/dev/null"));
        Assert.Equal(FileKind.None, PlainFile.KindOf(In("missing")));
    }

    [Fact]
    public void Read_RegularFileWithinTheLimit_Succeeds()
    {
        Assert.Equal("text"u8, PlainFile.Read(Regular, 4));
        Refused("it has 4 bytes, more than 3", () => PlainFile.Read(Regular, 3));
        Refused("it is not a regular file", () => PlainFile.Read("/dev/zero", 4));
        Refused("No such file or directory", () => PlainFile.Read(In("missing"), 4));
        Refused("the path contains a NUL character", () => PlainFile.Read($"{Regular}\0.txt", 4));
    }

    /// <summary>The file of a mounted Secret is a link.</summary>
    [Fact]
    public void Links_AreFollowedOnlyIfAllowed()
    {
        var link = Link("link", Regular);
        Refused("it is a symbolic link", () => PlainFile.Read(link, 4));
        Assert.Equal("text"u8, PlainFile.Read(link, 4, followLinks: true));
        Refused("it is a symbolic link", () => PlainFile.OpenToWrite(link, create: true).Dispose());
    }

    [Fact]
    public void OpenToWrite_CreatesAFileForTheOwnerOnly_IfAllowed()
    {
        Refused("No such file or directory", () => PlainFile.OpenToWrite(In("new"), create: false).Dispose());
        PlainFile.OpenToWrite(In("new"), create: true).Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(In("new")));
        Refused("Is a directory", () => PlainFile.OpenToWrite(_folder, create: false).Dispose());
    }

    [Fact]
    public void NewFile_ReplacesALink_NotItsTarget()
    {
        var link = Link("link", Regular);
        using (var file = PlainFile.CreateAnew(link))
            file.Write("new"u8);
        Assert.Equal("text", File.ReadAllText(In("regular")));
        Assert.Equal("new", File.ReadAllText(link));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(link));
    }

    [Fact]
    public void Lock_HasOneHolder()
    {
        using var first = PlainFile.OpenToWrite(Regular, create: false);
        Assert.True(PlainFile.TryLock(first));
        using (var second = PlainFile.OpenToWrite(In("regular"), create: false))
            Assert.False(PlainFile.TryLock(second));
        Assert.True(PlainFile.TryLock(first));
    }

    private static void Refused(string message, Action action) =>
        Assert.Equal(message, Assert.Throws<IOException>(action).Message);

    private string In(string name) => Path.Combine(_folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    private string Link(string name, string target)
    {
        File.CreateSymbolicLink(In(name), target);
        return In(name);
    }
}
