using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Esddns.Operator.State;
using Microsoft.Win32.SafeHandles;

namespace Esddns.Tests.State;

[UnsupportedOSPlatform("windows")]
public sealed partial class StateLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-").FullName;

    private string FilePath => Path.Combine(_folder, "deep", "state.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void SecondHolder_IsRefusedWithTheProcessId()
    {
        using var first = StateLock.TryTake(FilePath, out var none);
        Assert.Null(none);
        Assert.Null(StateLock.TryTake(FilePath, out var refusal));
        Assert.Contains($"process {Environment.ProcessId}.", refusal, StringComparison.Ordinal);
        Assert.Contains("POST /sync on its API", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal!);
    }

    [Fact]
    public void HolderEnds_FileIsFree()
    {
        StateLock.TryTake(FilePath, out _)!.Dispose();
        using var next = StateLock.TryTake(FilePath, out var refusal);
        Assert.NotNull(next);
        Assert.Null(refusal);
    }

    /// <summary>The start of a child process copies the handle for a moment, and a copy keeps the lock.</summary>
    [Fact]
    public void HolderEnds_WhileACopyOfItsHandleIsOpen_FileIsFree()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        var held = StateLock.TryTake(FilePath, out _)!;
        var handle = Directory
            .GetFileSystemEntries("/proc/self/fd")
            .Single(f => new FileInfo(f).LinkTarget == FilePath + ".lock");
        using var copy = new SafeFileHandle(
            Dup(int.Parse(Path.GetFileName(handle), CultureInfo.InvariantCulture)),
            ownsHandle: true
        );
        Assert.False(copy.IsInvalid);
        held.Dispose();
        using var next = StateLock.TryTake(FilePath, out var refusal);
        Assert.Null(refusal);
    }

    [Fact]
    public void OtherFiles_AreNotLocked()
    {
        using var first = StateLock.TryTake(FilePath, out _);
        using var second = StateLock.TryTake(FilePath + "2", out _);
        using var none = StateLock.TryTake(null, out _);
        using var nobody = StateLock.TryTake(null, out _);
        Assert.All([first, second, none, nobody], Assert.NotNull);
    }

    [Fact]
    public void LockThatCannotBeCreated_DoesNotBlockTheStart()
    {
        File.WriteAllText(Path.Combine(_folder, "deep"), "a file where the folder should be");
        using var held = StateLock.TryTake(FilePath, out var refusal);
        Assert.NotNull(held);
        Assert.Null(refusal);
        // The state file reports it.
        Assert.Null(held.Problem);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("link")]
    public void LockPathOccupied_IsAProblem(string what)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        if (what == "folder")
            Directory.CreateDirectory(FilePath + ".lock");
        else
            File.CreateSymbolicLink(FilePath + ".lock", Path.Combine(_folder, "missing"));
        using var held = StateLock.TryTake(FilePath, out _);
        Assert.StartsWith($"{FilePath}.lock cannot be used: ", held!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void PlantedLink_IsNotFollowed()
    {
        var victim = Path.Combine(_folder, "victim");
        File.WriteAllText(victim, "precious");
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.CreateSymbolicLink(FilePath + ".lock", victim);
        using var held = StateLock.TryTake(FilePath, out _);
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public void Folder_IsAccessibleOnlyByTheOwner()
    {
        using var held = StateLock.TryTake(FilePath, out _);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(FilePath)!)
        );
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath + ".lock"));
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Dup(int handle);
}
