using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.State;

/// <summary>A state file in a temporary folder.</summary>
[UnsupportedOSPlatform("windows")]
public abstract class StateFileScenario : IDisposable
{
    private protected readonly string _folder = Directory.CreateTempSubdirectory("esddns-").FullName;

    private protected readonly CountingLogs _logs = new();
    private protected readonly LoggerFactory _factory;

    protected StateFileScenario() => _factory = new LoggerFactory([_logs]);

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected string Folder => Path.Combine(_folder, "deep");

    private protected string FilePath => Path.Combine(Folder, "state.json");

    public void Dispose()
    {
        _factory.Dispose();
        _logs.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
    }

    private protected StateFile File() =>
        new(new StateOptions { File = FilePath }, TimeProvider.System, _factory.CreateLogger<StateFile>());

    private protected static string Json(Snapshot snapshot) =>
        JsonSerializer.Serialize(snapshot, SnapshotJson.Default.Snapshot);

    private protected static Snapshot Full()
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
                    LastError = new RecordError(at, "timeout", "did not answer"),
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
            Transitions = new Transitions(
                at,
                [new Transition(at.AddTicks(1), new RecordId(key.Fqdn, key.Type), null, SyncCondition.InSync)]
            ),
            NextCheckAt = at.AddMinutes(5),
        };
    }
}
