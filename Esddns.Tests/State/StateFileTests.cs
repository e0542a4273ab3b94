using System.Runtime.Versioning;
using System.Text.Json;
using Esddns.Operator.State;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.State;

/// <summary>The state file: content, permissions and replacement.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StateFileTests : StateFileScenario
{
    [Fact]
    public async Task Snapshot_SurvivesARestart()
    {
        var before = Full();
        await File().SaveAsync(before, TestContext.Current.CancellationToken);
        Assert.Equal(Json(before), Json(File().Load()));
    }

    [Fact]
    public void NoFile_IsTheEmptySnapshot() => Assert.Equal(Json(Snapshot.Empty), Json(File().Load()));

    [Fact]
    public async Task Files_AreReadableOnlyByTheOwner()
    {
        await File().SaveAsync(Full(), Cancel);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(FilePath));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            System.IO.File.GetUnixFileMode(Folder)
        );
    }

    [Fact]
    public async Task ExistingFile_BecomesReadableOnlyByTheOwner()
    {
        Write(FilePath, Json(Full()));
        System.IO.File.SetUnixFileMode(FilePath, (UnixFileMode)0b110_100_100);
        await File().SaveAsync(Full(), Cancel);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(FilePath));
    }

    /// <summary>
    /// The operator replaces the file, so a process that had opened it still reads the complete old content.
    /// </summary>
    [Fact]
    public async Task NextSnapshot_ReplacesTheFile()
    {
        await File().SaveAsync(Full(), Cancel);
        using var before = new FileStream(
            FilePath,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        await File().SaveAsync(Full() with { Round = 43 }, Cancel);
        Assert.Equal(42, (await JsonSerializer.DeserializeAsync(before, SnapshotJson.Default.Snapshot, Cancel))!.Round);
        Assert.Equal(43, File().Load().Round);
    }

    /// <summary>A state of thousands of records is large, and most rounds find nothing new.</summary>
    [Fact]
    public async Task NewerTimes_AreStoredOnceInTenMinutes_ChangesAtOnce()
    {
        var time = new FakeTimeProvider();
        var file = new StateFile(new StateOptions { File = FilePath }, time, NullLogger<StateFile>.Instance);
        var store = new StateStore(file, time);
        store.Update(_ => Full());
        Assert.Equal(42, await StoredRoundAsync());
        store.Update(s => s with { Round = 43, At = s.At.AddMinutes(5) });
        Assert.Equal(42, await StoredRoundAsync());
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(43, await StoredRoundAsync());
        store.Update(s => s with { Round = 44 });
        Assert.Equal(43, await StoredRoundAsync());
        store.Update(s => s with { Records = s.Records.With(s.Records[0].Id, r => r with { Unanswered = s.At }) });
        Assert.Equal(44, await StoredRoundAsync());
        store.Update(s => s with { Round = 45 });
        Assert.Equal(45, await StoredRoundAsync(withTimes: true));
        System.IO.File.Delete(FilePath);
        store.Update(s => s with { Round = 46 });
        Assert.Equal(46, await StoredRoundAsync());

        async Task<long> StoredRoundAsync(bool withTimes = false)
        {
            Assert.True(await store.SaveAsync(Cancel, withTimes));
            return SnapshotJson.Read(await System.IO.File.ReadAllBytesAsync(FilePath, Cancel), out _)!.Round;
        }
    }

    [Fact]
    public async Task FailedSave_IsRepeated()
    {
        var store = new StateStore(File(), TimeProvider.System);
        store.Update(_ => Full());
        Assert.True(await store.SaveAsync(Cancel));
        Directory.CreateDirectory(FilePath + ".next/full");
        store.Update(s => s with { History = [] });
        Assert.True(await store.SaveAsync(Cancel));
        Directory.Delete(FilePath + ".next", recursive: true);
        Assert.True(await store.SaveAsync(Cancel));
        Assert.Empty(SnapshotJson.Read(await System.IO.File.ReadAllBytesAsync(FilePath, Cancel), out _)!.History);
    }

    [Fact]
    public async Task NoFileConfigured_StoresNothing()
    {
        var file = new StateFile(new StateOptions { File = null }, TimeProvider.System, NullLogger<StateFile>.Instance);
        Assert.Equal(0, file.Load().Round);
        Assert.True(await file.SaveAsync(Full(), Cancel));
        Assert.Null(file.Problem);
    }

    [Fact]
    public void RecordOfAnEarlierVersion_IsReadByItsKey()
    {
        var json = """
            {"records":[{"key":{"zone":"Example.com","name":"Home","type":"AAAA"},"ours":["2001:db8::1"],
                         "lastSuccess":"2026-01-01T00:00:00Z"}]}
            """;
        var record = SnapshotJson.Read(System.Text.Encoding.UTF8.GetBytes(json), out var mistake)!.Records[0];
        Assert.Null(mistake);
        Assert.Equal(("home.example.com AAAA", "2001:db8::1"), (record.Id.ToString(), record.Ours.ToString()));
        Assert.NotNull(record.LastVerified);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"version\":99}")]
    [InlineData("{\"records\":[{}]}")]
    [InlineData("{\"records\":[{\"key\":{\"zone\":\"a\",\"zone\":\"b\"}}]}")]
    public void StateWithoutRecords_IsInvalid(string json)
    {
        Assert.Null(SnapshotJson.Read(System.Text.Encoding.UTF8.GetBytes(json), out var mistake));
        Assert.NotEmpty(mistake!);
    }
}
