using System.Runtime.Versioning;

namespace Esddns.Tests.State;

/// <summary>State files that a failed write leaves outdated.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OutdatedStateFileTests : StateFileScenario
{
    [Fact]
    public async Task DiskRejectsWrites_IsAProblemNotAnException()
    {
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(_folder, "deep"),
            "a file where the folder should be",
            TestContext.Current.CancellationToken
        );
        var file = File();
        Assert.True(await file.SaveAsync(Full(), TestContext.Current.CancellationToken));
        Assert.Contains("cannot write state file", file.Problem, StringComparison.Ordinal);
        System.IO.File.Delete(Path.Combine(_folder, "deep"));
        await file.SaveAsync(Full(), TestContext.Current.CancellationToken);
        Assert.Null(file.Problem);
    }

    [Fact]
    public async Task DiskRejectsWrites_OldFileIsMarkedOutdated()
    {
        await File().SaveAsync(Full(), Cancel);
        Assert.False(File().Load().IsOutdated);
        Directory.CreateDirectory(FilePath + ".next/full");
        await File().SaveAsync(Full() with { Round = 43 }, Cancel);
        Assert.False(System.IO.File.Exists(FilePath));
        Directory.Delete(FilePath + ".next", recursive: true);

        var successor = File();
        var kept = successor.Load();
        Assert.Equal((42, true), (kept.Round, kept.IsOutdated));
        await successor.SaveAsync(kept with { Round = 44 }, Cancel);
        Assert.Equal((44, false), (File().Load().Round, File().Load().IsOutdated));
        Assert.False(System.IO.File.Exists(FilePath + ".outdated"));
    }

    [Fact]
    public async Task FileThatCannotBeReplaced_IsOutdated()
    {
        await File().SaveAsync(Full(), Cancel);
        Directory.CreateDirectory(FilePath + ".next/full");
        Assert.Equal((42, true), (File().Load().Round, File().Load().IsOutdated));
        Directory.Delete(FilePath + ".next", recursive: true);
        Assert.False(File().Load().IsOutdated);
    }

    [Fact]
    public async Task ReadOnlyFile_IsOutdated()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root can write to every folder");
        await File().SaveAsync(Full(), Cancel);
        System.IO.File.SetUnixFileMode(FilePath, UnixFileMode.UserRead);
        Assert.Equal((42, true), (File().Load().Round, File().Load().IsOutdated));
    }

    [Fact]
    public async Task NewFile_WithOutdatedFile_IsUsed()
    {
        await File().SaveAsync(Full(), Cancel);
        Write(FilePath + ".outdated", Json(Full() with { Round = 7 }));
        Assert.Equal((42, false), (File().Load().Round, File().Load().IsOutdated));
    }

    [Fact]
    public async Task TemporaryFile_IsRemovedAtTheStart()
    {
        await File().SaveAsync(Full(), Cancel);
        Write(FilePath + ".next", "{\"round\": 9");
        Assert.Equal((42, false), (File().Load().Round, File().Load().IsOutdated));
        Assert.False(System.IO.File.Exists(FilePath + ".next"));
    }
}
