using System.Net.Sockets;
using System.Runtime.Versioning;
using Esddns.Operator.State;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.State;

/// <summary>Existing state files that cannot be used: corrupt content, links, devices, large files.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnusableStateFileTests : StateFileScenario
{
    [Fact]
    public void UnreadableFile_IsMovedAside()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        System.IO.File.WriteAllText(FilePath, "{\"round\": 1, \"wan\": [{\"fam");
        Assert.Equal(0, File().Load().Round);
        Assert.True(System.IO.File.Exists(FilePath + ".unreadable"));
    }

    [Fact]
    public async Task PlantedLinks_AreNotFollowed()
    {
        var victim = Path.Combine(_folder, "victim");
        await System.IO.File.WriteAllTextAsync(victim, "precious", Cancel);
        Directory.CreateDirectory(Folder);
        foreach (var name in new[] { ".next", ".outdated", ".unreadable", "" })
            System.IO.File.CreateSymbolicLink(FilePath + name, victim);
        var file = File();
        Assert.Equal(0, file.Load().Round);
        await file.SaveAsync(Full(), Cancel);
        Assert.Equal("precious", await System.IO.File.ReadAllTextAsync(victim, Cancel));
        Assert.Equal((42, null), (File().Load().Round, file.Problem));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("dangling link")]
    [InlineData("garbage")]
    [InlineData("empty")]
    [InlineData("another shape")]
    [InlineData("3 GB")]
    public async Task UnusableFile_IsMovedAsideWithOneLine(string kind)
    {
        Plant(kind);
        var file = File();
        Assert.Equal(0, file.Load().Round);
        await file.SaveAsync(Full(), Cancel);
        Assert.Equal((1, 42, null), (_logs.Count(LogLevel.Error), File().Load().Round, file.Problem));
        Assert.Contains(FilePath + ".unreadable", Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public void FileLargerThanTheLimit_IsRejected()
    {
        Assert.Equal(64 << 20, File().MaxBytes);
        var text = Json(Full());
        var file = new StateFile(
            new StateOptions { File = FilePath },
            TimeProvider.System,
            _factory.CreateLogger<StateFile>()
        )
        {
            MaxBytes = text.Length,
        };
        Write(FilePath, text);
        Assert.Equal(42, file.Load().Round);
        System.IO.File.AppendAllText(FilePath, " ");
        Assert.Equal(0, file.Load().Round);
        Assert.Contains(
            _logs.Lines,
            l => l.Contains($"it has {text.Length + 1} bytes, more than {text.Length}", StringComparison.Ordinal)
        );
    }

    /// <summary>The operator must not move these objects, and must start despite each of them.</summary>
    [Theory]
    [InlineData("pipe")]
    [InlineData("folder")]
    [InlineData("socket")]
    public async Task NonRegularFile_IsNotMoved_AndReportedOnce(string kind)
    {
        Plant(kind);
        var file = File();
        Assert.Equal(0, file.Load().Round);
        Assert.NotNull(file.Problem);
        for (var i = 0; i < 3; i++)
            Assert.True(await file.SaveAsync(Full(), Cancel));
        Assert.Equal(1, _logs.Count(LogLevel.Error));
        Assert.True(Path.Exists(FilePath));
        Assert.False(System.IO.File.Exists(FilePath + ".next"));
        Assert.NotNull(file.Problem);
    }

    [Fact]
    public async Task FileThatCannotBeMovedAside_IsReportedOnce()
    {
        Plant("garbage");
        Directory.CreateDirectory(FilePath + ".unreadable/full");
        Directory.CreateDirectory(FilePath + ".next/full");
        var file = File();
        Assert.Equal(0, file.Load().Round);
        Assert.True(await file.SaveAsync(Full(), Cancel));
        Assert.Equal(1, _logs.Count(LogLevel.Error));
        Assert.NotNull(file.Problem);
    }

    [Fact]
    public void FileWithoutPermission_StartsEmpty()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root can read every file");
        Write(FilePath, Json(Full()));
        System.IO.File.SetUnixFileMode(FilePath, UnixFileMode.None);
        Assert.Equal((0, 1), (File().Load().Round, _logs.Count(LogLevel.Error)));
    }

    [Fact]
    public void ForeignTextInTheFile_IsCleanedInTheLog()
    {
        Write(FilePath, "{\"\\u001b[2J" + new string('x', 100_000) + "\": }");
        File().Load();
        Assert.DoesNotContain(_logs.Lines, l => l.Length > 1000 || l.Contains('\e', StringComparison.Ordinal));
    }

    private void Plant(string kind)
    {
        Directory.CreateDirectory(Folder);
        switch (kind)
        {
            case "link":
                Write(FilePath + ".elsewhere", Json(Full()));
                System.IO.File.CreateSymbolicLink(FilePath, FilePath + ".elsewhere");
                break;
            case "dangling link":
                System.IO.File.CreateSymbolicLink(FilePath, "/nowhere/at/all");
                break;
            case "garbage":
                Write(FilePath, "\0\u0001garbage");
                break;
            case "empty":
                Write(FilePath, "");
                break;
            case "another shape":
                Write(FilePath, "[1, 2]");
                break;
            case "pipe":
                Assert.Equal(0, Mkfifo(FilePath));
                break;
            case "folder":
                Directory.CreateDirectory(FilePath);
                break;
            case "socket":
                using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    socket.Bind(new UnixDomainSocketEndPoint(FilePath));
                    System.IO.File.Move(FilePath, FilePath + ".kept");
                }

                System.IO.File.Move(FilePath + ".kept", FilePath);
                break;
            default:
                using (var big = System.IO.File.Create(FilePath))
                    big.SetLength(3L << 30);
                break;
        }
    }

    private static int Mkfifo(string path)
    {
        using var process = System.Diagnostics.Process.Start("mkfifo", path);
        process.WaitForExit();
        return process.ExitCode;
    }
}
