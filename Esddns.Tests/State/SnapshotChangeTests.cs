using System.Net;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Net;
using Esddns.Operator.State;

namespace Esddns.Tests.State;

/// <summary>Times alone are no change of the state; everything else is one, also a field that is added later.</summary>
public sealed class SnapshotChangeTests
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress s_address = IPAddress.Parse("192.0.2.1");
    private static readonly AddressSet s_values = AddressSet.Of(s_address);

    [Fact]
    public void NewerTimesAndVotes_AreNoChange()
    {
        var (before, after) = (At(s_at), At(s_at.AddMinutes(1)));
        Assert.False(SnapshotChange.IsMoreThanTimes(before, after with { Round = 9 }));
        Assert.False(SnapshotChange.IsMoreThanTimes(before, before));
        var vote = new Vote("stun://b", "b", EvidenceClass.Stun, null, false, "no answer");
        Assert.False(
            SnapshotChange.IsMoreThanTimes(before, after with { Wan = [after.Wan[0] with { Votes = [vote] }] })
        );
    }

    /// <summary>Each field of a record, when it is lost.</summary>
    [Fact]
    public void EachFieldOfARecord_IsAChange()
    {
        var full = At(s_at);
        var empty = new RecordState(full.Records[0].Fqdn, full.Records[0].Type);
        var fields = typeof(RecordState).GetProperties().Where(p => p.SetMethod is not null).ToArray();
        Assert.True(fields.Length > 20);
        foreach (var field in fields.Where(f => f.Name is not (nameof(RecordState.Fqdn) or nameof(RecordState.Type))))
        {
            var changed = full.Records[0] with { };
            Assert.NotEqual(field.GetValue(empty), field.GetValue(changed));
            field.SetValue(changed, field.GetValue(empty));
            Assert.True(
                SnapshotChange.IsMoreThanTimes(full, full with { Records = RecordStates.Of([changed]) }),
                field.Name
            );
        }
    }

    [Fact]
    public void ListsOfOtherContent_AreAChange()
    {
        var full = At(s_at);
        var (record, wan) = (full.Records[0], full.Wan[0]);
        Snapshot[] changed =
        [
            full with
            {
                By = "node-2",
            },
            full with
            {
                Records = RecordStates.Of([record, record with { Fqdn = Fqdn.Parse("b.example.com") }]),
            },
            full with
            {
                Records = RecordStates.Of([record with { Former = [s_address, IPAddress.Loopback] }]),
            },
            full with
            {
                Records = RecordStates.Of([record with { Unanswered = s_at.AddSeconds(1) }]),
            },
            full with
            {
                Records = RecordStates.Of([record with { Propagation = record.Propagation! with { Others = [] } }]),
            },
            full with
            {
                History = [],
            },
            full with
            {
                Transitions = full.Transitions.Newest(0),
            },
            full with
            {
                NextCheckAt = null,
            },
            full with
            {
                Nodes = [full.Nodes[0] with { Names = ["node-2"] }],
            },
            full with
            {
                Wan = [wan with { Address = IPAddress.Loopback }],
            },
            full with
            {
                Wan = [wan with { Signs = ["VPN"] }],
            },
            full with
            {
                Wan = [wan with { Participants = [new Participant("b", s_at)] }],
            },
        ];
        Assert.All(changed, c => Assert.True(SnapshotChange.IsMoreThanTimes(full, c)));
    }

    /// <summary>A snapshot with a value in each field of a record, and these times.</summary>
    private static Snapshot At(DateTimeOffset at)
    {
        var key = new RecordKey(DomainName.Parse("example.com"), OwnerName.Parse("home"), RecordType.A);
        var server = new ServerAnswer("ns1", s_values, "lame", ServerAnswerKind.Records, 300);
        var record = new RecordState(key.Fqdn, key.Type)
        {
            Key = key,
            WantedBy = "the configuration",
            Credentials = "",
            Ttl = 300,
            Desired = s_values,
            Current = s_values,
            Ours = s_values,
            Former = [s_address],
            Unparsed = ["010.1.1.1"],
            IsOwnershipOutdated = true,
            Sent = new SentWrite(s_values, "Start"),
            Unanswered = s_at,
            Outcome = RecordOutcome.Preserved,
            Condition = SyncCondition.OutOfSync,
            Preserved = new Preservation(s_at, "not agreed", true),
            LastAttempt = at,
            LastVerified = at,
            LastWritten = s_at,
            LastError = new RecordError(at, "timeout", "no answer", at),
            Propagation = new Propagation(at, s_values, true, [server], "delegated", 1),
            LastDrift = new Drift(s_at, s_values, s_values),
            Href = "https://api.test/record",
        };
        return new Snapshot
        {
            At = at,
            By = "node-1",
            Nodes = [new NodeView(s_address, 1, ["node-1"])],
            Wan =
            [
                new WanState(IpFamily.IPv4)
                {
                    Address = s_address,
                    CheckedAt = at,
                    Participants = [new("a", at)],
                },
            ],
            Records = RecordStates.Of([record]),
            History = [new Change(s_at, "node-1", key.Fqdn, RecordType.A, s_values, s_values, "Start", 1.5)],
            // Another list with the same content, as a follower reads it.
            Transitions = new Transitions(
                s_at,
                [new Transition(s_at, record.Id, SyncCondition.InSync, SyncCondition.OutOfSync)]
            ),
            NextCheckAt = at.AddMinutes(5),
        };
    }
}
