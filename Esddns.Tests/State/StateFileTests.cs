using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Esddns.Tests.State;

[UnsupportedOSPlatform("windows")]
public sealed class StateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-").FullName;

    private readonly CountingLogs _logs = new();
    private readonly LoggerFactory _factory;

    public StateFileTests() => _factory = new LoggerFactory([_logs]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_folder, "deep");

    private string FilePath => Path.Combine(Folder, "state.json");

    public void Dispose()
    {
        _factory.Dispose();
        _logs.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Snapshot_SurvivesARestart()
    {
        var before = Full();
        await File().KeepAsync(before, TestContext.Current.CancellationToken);
        Assert.Equal(Json(before), Json(File().Load()));
    }

    [Fact]
    public void NoFile_IsTheEmptySnapshot() => Assert.Equal(Json(Snapshot.Empty), Json(File().Load()));

    [Fact]
    public void UnreadableFile_IsMovedAsideAndForgotten()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        System.IO.File.WriteAllText(FilePath, "{\"round\": 1, \"wan\": [{\"fam");
        Assert.Equal(0, File().Load().Round);
        Assert.True(System.IO.File.Exists(FilePath + ".unreadable"));
    }

    [Fact]
    public async Task DiskThatRefuses_IsAProblemAndNoException()
    {
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(_folder, "deep"),
            "a file where the folder should be",
            TestContext.Current.CancellationToken
        );
        var file = File();
        Assert.True(await file.KeepAsync(Full(), TestContext.Current.CancellationToken));
        Assert.Contains("cannot be written", file.Problem, StringComparison.Ordinal);
        System.IO.File.Delete(Path.Combine(_folder, "deep"));
        await file.KeepAsync(Full(), TestContext.Current.CancellationToken);
        Assert.Null(file.Problem);
    }

    [Fact]
    public async Task Files_AreForTheOwnerAlone()
    {
        await File().KeepAsync(Full(), Cancel);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(FilePath));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            System.IO.File.GetUnixFileMode(Folder)
        );
    }

    [Fact]
    public async Task FileOfAnEarlierVersion_BecomesTheOwnersAlone()
    {
        Write(FilePath, Json(Full()));
        System.IO.File.SetUnixFileMode(FilePath, (UnixFileMode)0b110_100_100);
        await File().KeepAsync(Full(), Cancel);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(FilePath));
    }

    /// <summary>
    /// The operator replaces the file, so a process that had opened it still reads the complete old content.
    /// </summary>
    [Fact]
    public async Task NextSnapshot_ReplacesTheFile()
    {
        await File().KeepAsync(Full(), Cancel);
        using var before = new FileStream(
            FilePath,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        await File().KeepAsync(Full() with { Round = 43 }, Cancel);
        Assert.Equal(42, (await JsonSerializer.DeserializeAsync(before, SnapshotJson.Default.Snapshot, Cancel))!.Round);
        Assert.Equal(43, File().Load().Round);
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
        await file.KeepAsync(Full(), Cancel);
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
    public async Task FileThatCannotBeUsed_IsMovedAsideWithOneLine(string kind)
    {
        Plant(kind);
        var file = File();
        Assert.Equal(0, file.Load().Round);
        await file.KeepAsync(Full(), Cancel);
        Assert.Equal((1, 42, null), (_logs.Count(LogLevel.Error), File().Load().Round, file.Problem));
        Assert.Contains(FilePath + ".unreadable", Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public void SixtyFourMebibytes_AreTheMost()
    {
        const int most = 64 << 20;
        Write(FilePath, Json(Full()).PadRight(most));
        Assert.Equal(42, File().Load().Round);
        System.IO.File.AppendAllText(FilePath, " ");
        Assert.Equal(0, File().Load().Round);
        Assert.Contains(
            _logs.Lines,
            l => l.Contains($"it has {most + 1} bytes, more than {most}", StringComparison.Ordinal)
        );
    }

    /// <summary>The operator must not move these objects, and none of them may stop it.</summary>
    [Theory]
    [InlineData("pipe")]
    [InlineData("folder")]
    [InlineData("socket")]
    public async Task WhatIsNoFile_IsLeftAloneAndReportedOnce(string kind)
    {
        Plant(kind);
        var file = File();
        Assert.Equal(0, file.Load().Round);
        Assert.NotNull(file.Problem);
        for (var i = 0; i < 3; i++)
            Assert.True(await file.KeepAsync(Full(), Cancel));
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
        Assert.True(await file.KeepAsync(Full(), Cancel));
        Assert.Equal(1, _logs.Count(LogLevel.Error));
        Assert.NotNull(file.Problem);
    }

    [Fact]
    public void FileWithoutPermission_StartsWithNothing()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root can read every file");
        Write(FilePath, Json(Full()));
        System.IO.File.SetUnixFileMode(FilePath, UnixFileMode.None);
        Assert.Equal((0, 1), (File().Load().Round, _logs.Count(LogLevel.Error)));
    }

    [Fact]
    public async Task DiskThatRefuses_LeavesWhatIsOutdatedMarked()
    {
        await File().KeepAsync(Full(), Cancel);
        Assert.False(File().Load().IsOutdated);
        Directory.CreateDirectory(FilePath + ".next/full");
        await File().KeepAsync(Full() with { Round = 43 }, Cancel);
        Assert.False(System.IO.File.Exists(FilePath));
        Directory.Delete(FilePath + ".next", recursive: true);

        var successor = File();
        var kept = successor.Load();
        Assert.Equal((42, true), (kept.Round, kept.IsOutdated));
        await successor.KeepAsync(kept with { Round = 44 }, Cancel);
        Assert.Equal((44, false), (File().Load().Round, File().Load().IsOutdated));
        Assert.False(System.IO.File.Exists(FilePath + ".outdated"));
    }

    [Fact]
    public async Task FileThatCannotBeReplaced_IsOutdated()
    {
        await File().KeepAsync(Full(), Cancel);
        Directory.CreateDirectory(FilePath + ".next/full");
        Assert.Equal((42, true), (File().Load().Round, File().Load().IsOutdated));
        Directory.Delete(FilePath + ".next", recursive: true);
        Assert.False(File().Load().IsOutdated);
    }

    [Fact]
    public async Task ReadOnlyFile_IsOutdated()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root can write to every folder");
        await File().KeepAsync(Full(), Cancel);
        System.IO.File.SetUnixFileMode(FilePath, UnixFileMode.UserRead);
        Assert.Equal((42, true), (File().Load().Round, File().Load().IsOutdated));
    }

    [Fact]
    public async Task NewFileBesideAnOutdatedOne_Wins()
    {
        await File().KeepAsync(Full(), Cancel);
        Write(FilePath + ".outdated", Json(Full() with { Round = 7 }));
        Assert.Equal((42, false), (File().Load().Round, File().Load().IsOutdated));
    }

    [Fact]
    public async Task LeftoverOfAKill_IsRemoved()
    {
        await File().KeepAsync(Full(), Cancel);
        Write(FilePath + ".next", "{\"round\": 9");
        Assert.Equal((42, false), (File().Load().Round, File().Load().IsOutdated));
        Assert.False(System.IO.File.Exists(FilePath + ".next"));
    }

    [Fact]
    public void ForeignTextInTheFile_DoesNotReachTheLogAsItIs()
    {
        Write(FilePath, "{\"\\u001b[2J" + new string('x', 100_000) + "\": }");
        File().Load();
        Assert.DoesNotContain(_logs.Lines, l => l.Length > 1000 || l.Contains('\e', StringComparison.Ordinal));
    }

    [Fact]
    public async Task NoFileWanted_KeepsNothing()
    {
        var file = new StateFile(new StateOptions { File = null }, NullLogger<StateFile>.Instance);
        Assert.Equal(0, file.Load().Round);
        Assert.True(await file.KeepAsync(Full(), Cancel));
        Assert.Null(file.Problem);
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

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
    }

    private StateFile File() => new(new StateOptions { File = FilePath }, _factory.CreateLogger<StateFile>());

    private static string Json(Snapshot snapshot) => JsonSerializer.Serialize(snapshot, SnapshotJson.Default.Snapshot);

    private static Snapshot Full()
    {
        var at = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        var address = IPAddress.Parse("198.51.100.4");
        var key = new RecordKey(DomainName.Parse("example.com"), OwnerName.Parse("home"), RecordType.A);
        return new Snapshot
        {
            Round = 42,
            At = at,
            By = "node-1",
            Wan =
            [
                new WanState(IpFamily.IPv4)
                {
                    Address = address,
                    Since = at,
                    Verdict = VerdictKind.Agreed,
                    Votes = [new Vote("stun://a", "a", EvidenceClass.Stun, address, true, null)],
                },
            ],
            Records = RecordStates.Of([
                new RecordState(key.Fqdn, key.Type)
                {
                    Key = key,
                    Former = [IPAddress.Parse("198.51.100.3")],
                    Ttl = 300,
                    Desired = AddressSet.Of(address),
                    Current = AddressSet.Of(address, IPAddress.Parse("198.51.100.5")),
                    Ours = AddressSet.Of(address),
                    Outcome = RecordOutcome.Updated,
                    LastVerified = at,
                    LastError = new RecordError(at, "timeout", "no answer"),
                    Href = "https://api.gandi.net/v5/livedns/domains/example.com/records/home/A",
                },
            ]),
            History =
            [
                new Change(
                    at,
                    "node-1",
                    key.Fqdn,
                    RecordType.A,
                    null,
                    AddressSet.Of(address),
                    "Start: 2 providers agree",
                    1.5
                ),
            ],
        };
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
    public void StateThatNamesNoRecords_IsAMistake(string json)
    {
        Assert.Null(SnapshotJson.Read(System.Text.Encoding.UTF8.GetBytes(json), out var mistake));
        Assert.NotEmpty(mistake!);
    }
}
