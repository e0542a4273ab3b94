using System.Net;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.State;

namespace Esddns.Tests.Reconcile;

/// <summary>Work on a zone that outlives its round does not mix the desired states of two rounds.</summary>
public sealed class ZoneRunTests
{
    private static readonly DomainName s_zone = DomainName.Parse("example.com");

    [Fact]
    public void RecordWithAnotherDesiredState_IsSuperseded()
    {
        ZoneRecord[] records = [Record("a"), Record("b"), Record("c"), Record("d"), Record("e")];
        using var run = new ZoneRun(new HostedZone(s_zone, null), records, CancellationToken.None);
        ZoneRecord[] later =
        [
            Record("a"),
            Record("b") with
            {
                Wan = IPAddress.Parse("198.51.100.7"),
            },
            Record("c") with
            {
                Evidence = new Evidence.Unknown(),
            },
            Record("d") with
            {
                Record = Record("d").Record with { Ttl = 600 },
            },
        ];
        run.Supersede(later.ToDictionary(r => r.Id));
        Assert.Equal([false, true, true, true, true], records.Select(run.IsSuperseded));
        // A round may return to the earlier state, but the work has skipped the record by then.
        run.Supersede(records.ToDictionary(r => r.Id));
        Assert.Equal([false, true, true, true, true], records.Select(run.IsSuperseded));
    }

    [Fact]
    public void RecordThatIsWorkedOn_KeepsItsState_EvenWhenNotDesired()
    {
        var states = new DesiredStates(new HostAddresses(), new HostIdentity("test"), TimeProvider.System);
        var earlier = new[] { "kept", "gone", "other" }.Select(name => new RecordState(
            Record(name).Record.Fqdn,
            RecordType.A
        )
        {
            Desired = Set("203.0.113.1"),
            Ttl = 300,
        });
        var before = Snapshot.Empty with { Records = RecordStates.Of(earlier) };
        var wan = new WanState(IpFamily.IPv4)
        {
            Address = IPAddress.Parse("198.51.100.7"),
            Verdict = VerdictKind.Agreed,
        };
        ZoneRecord[] desired = [Record("kept"), Record("other")];
        var after = states.Begin(
            before,
            [wan],
            [.. desired.Select(r => r.Record)],
            new ZoneAssignment(desired, []),
            new HashSet<RecordId> { Record("kept").Id, Record("gone").Id }
        );
        Assert.Equal(Set("203.0.113.1"), after.Records[Record("kept").Id]?.Desired);
        Assert.Equal(Set("203.0.113.1"), after.Records[Record("gone").Id]?.Desired);
        Assert.Equal(Set("198.51.100.7"), after.Records[Record("other").Id]?.Desired);
    }

    private static AddressSet Set(string address) => AddressSet.Of(IPAddress.Parse(address));

    private static ZoneRecord Record(string name)
    {
        var owner = OwnerName.Parse(name);
        var record = new DesiredRecord(
            Fqdn.Parse($"{name}.example.com"),
            s_zone,
            owner,
            RecordType.A,
            300,
            RecordPolicy.Merge
        );
        return new ZoneRecord(new RecordKey(s_zone, owner, RecordType.A), record)
        {
            Evidence = new Evidence.Agreed(Set("203.0.113.1")),
            Wan = IPAddress.Parse("203.0.113.1"),
        };
    }
}
