using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Esddns.Contracts;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Net;
using Esddns.Operator.State;
using Esddns.Tests.Support;

namespace Esddns.Tests.Api;

/// <summary>The contract of <c>/status</c>: its mapping, its reader and its documentation agree.</summary>
public sealed partial class StatusContractTests
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress s_address = IPAddress.Parse("198.51.100.4");
    private static readonly AddressSet s_values = AddressSet.Of(s_address);

    [Fact]
    public void FullSnapshot_HasAValueInEveryField()
    {
        var empty = EmptyIn(Written(Full()), "$").ToArray();
        Assert.Empty(empty);
    }

    [Fact]
    public void WrittenStatus_IsReadAsTheSame()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Full().ToStatus(), StatusJson.Default.StatusDocument);
        Assert.DoesNotContain((byte)'\n', json);
        var read = StatusJson.Read(json);
        Assert.Equal(json, JsonSerializer.SerializeToUtf8Bytes(read, StatusJson.Default.StatusDocument));
    }

    /// <summary>The first condition of a record, and its end: fields that may be null are written, too.</summary>
    [Fact]
    public void TransitionWithoutCondition_IsRead()
    {
        var id = new RecordId(Key.Fqdn, Key.Type);
        var snapshot = Full() with
        {
            Transitions = new Transitions(
                s_at,
                [
                    new Transition(s_at, id, SyncCondition.InSync, null),
                    new Transition(s_at, id, null, SyncCondition.InSync),
                ]
            ),
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(snapshot.ToStatus(), StatusJson.Default.StatusDocument);
        Assert.Equal(
            [("InSync", null), (null, "InSync")],
            StatusJson.Read(json)!.Transitions!.Select(t => (t.From, t.To))
        );
    }

    [Theory]
    [InlineData("## GET /status", "$")]
    [InlineData("### wan[]", "wan")]
    [InlineData("### records[]", "records")]
    [InlineData("### history[]", "history")]
    [InlineData("### transitions[]", "transitions")]
    public void Fields_AreDocumented(string heading, string list)
    {
        var status = Written(Full());
        var fields = (list == "$" ? status : status[list]![0]!).AsObject().Select(f => f.Key).Order();
        var section = Repository.Read("docs/reference/http-api.md").Split($"\n{heading}\n")[1].Split("\n#")[0];
        var documented = Row()
            .Matches(section)
            .SelectMany(row => Name().Matches(row.Groups[1].Value))
            .Select(name => name.Groups[1].Value)
            .Order();
        Assert.Equal(fields, documented);
    }

    private static JsonNode Written(Snapshot snapshot) =>
        JsonSerializer.SerializeToNode(snapshot.ToStatus(), StatusJson.Default.StatusDocument)!;

    private static IEnumerable<string> EmptyIn(JsonNode? node, string path) =>
        node switch
        {
            null or JsonArray { Count: 0 } => [path],
            JsonArray array => array.SelectMany(item => EmptyIn(item, path + "[]")),
            JsonObject fields => fields.SelectMany(field => EmptyIn(field.Value, $"{path}.{field.Key}")),
            JsonValue value => value.ToString() is "" or "0" ? [path] : [],
            _ => [path],
        };

    private static Snapshot Full() =>
        Snapshot.Empty with
        {
            Round = 42,
            At = s_at,
            By = "node-1",
            Leader = "node-2",
            Stale = new Staleness(s_at, "no answer"),
            Nodes = [new NodeView(s_address, 1, ["node-1"])],
            Wan =
            [
                new WanState(IpFamily.IPv4)
                {
                    Address = s_address,
                    Previous = s_address,
                    Since = s_at,
                    Verdict = VerdictKind.Disagreed,
                    Reason = "two addresses",
                    Signs = ["VPN"],
                    IsBehindCarrierNat = true,
                    AskedSince = s_at,
                    Participants = [new Participant("a", s_at)],
                    CheckedAt = s_at,
                    Votes = [new Vote("stun://a", "a", EvidenceClass.Stun, s_address, true, "slow", "node-2", 0.4)],
                },
            ],
            Records = RecordStates.Of([Record()]),
            History = [new Change(s_at, "node-1", Key.Fqdn, RecordType.A, s_values, s_values, "Start", 1.5)],
            Transitions = new Transitions(
                s_at,
                [new Transition(s_at, new RecordId(Key.Fqdn, Key.Type), SyncCondition.InSync, SyncCondition.OutOfSync)]
            ),
            NextCheckAt = s_at,
        };

    private static RecordKey Key => new(DomainName.Parse("example.com"), OwnerName.Parse("home"), RecordType.A);

    private static RecordState Record() =>
        new(Key.Fqdn, Key.Type)
        {
            Key = Key,
            WantedBy = "Esddns:Records:0",
            Ttl = 300,
            Desired = s_values,
            Current = AddressSet.Of(s_address, IPAddress.Parse("198.51.100.5")),
            Ours = s_values,
            Former = [s_address],
            Unparsed = ["010.1.1.1"],
            IsOwnershipOutdated = true,
            Sent = new SentWrite(s_values, "Start"),
            Unanswered = s_at,
            Outcome = RecordOutcome.Preserved,
            Preserved = new Preservation(s_at, "not agreed", true),
            LastAttempt = s_at,
            LastVerified = s_at,
            LastWritten = s_at,
            LastError = new RecordError(s_at, "timeout", "no answer", s_at),
            Propagation = new Propagation(
                s_at,
                s_values,
                true,
                [new ServerAnswer("ns1", s_values, "lame", ServerAnswerKind.Records, 300)],
                "delegated",
                1
            ),
            LastDrift = new Drift(s_at, s_values, s_values),
            Href = "https://api.test/record",
        };

    [GeneratedRegex(@"^\| (`[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)(\[\])?`")]
    private static partial Regex Name();
}
