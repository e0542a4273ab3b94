using System.Net;
using System.Text.Json;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Esddns.Tests.State;

public sealed class StateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-").FullName;

    private string FilePath => Path.Combine(_folder, "deep", "state.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "deep"), "a file where the folder should be", TestContext.Current.CancellationToken);
        var file = File();
        Assert.True(await file.KeepAsync(Full(), TestContext.Current.CancellationToken));
        Assert.Contains("cannot be written", file.Problem, StringComparison.Ordinal);
        System.IO.File.Delete(Path.Combine(_folder, "deep"));
        await file.KeepAsync(Full(), TestContext.Current.CancellationToken);
        Assert.Null(file.Problem);
    }

    private StateFile File() => new(new StateOptions { File = FilePath }, NullLogger<StateFile>.Instance);

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
            Wan = [new WanState(IpFamily.IPv4) { Address = address, Since = at, Verdict = VerdictKind.Agreed, Votes = [new Vote("stun://a", "a", EvidenceClass.Stun, address, true, null)] }],
            Records = RecordStates.Of(
            [
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
            History = [new Change(at, "node-1", key.Fqdn, RecordType.A, null, AddressSet.Of(address), "Start: 2 servers say so", 1.5)],
        };
    }
}
