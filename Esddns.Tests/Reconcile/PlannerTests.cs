using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Planning;

namespace Esddns.Tests.Reconcile;

public sealed class PlannerTests
{
    private static readonly RecordKey s_key = new(
        DomainName.Parse("example.co.uk"),
        OwnerName.Parse("home"),
        RecordType.A
    );
    private static readonly AddressSet s_new = Set("198.51.100.9");

    [Fact]
    public void MissingRecord_IsCreated() =>
        Assert.Equal(new RRset(s_key, 300, s_new), Written(Plan((AddressSet?)null)));

    [Fact]
    public void UpToDateRecord_IsNoop() => Assert.IsType<PlannedAction.Noop>(Plan(Set("198.51.100.9")));

    [Fact]
    public void OtherTtl_IsWrittenWithTheSameValues() =>
        Assert.Equal(
            (600, s_new),
            (Written(Plan(Set("198.51.100.9"), ttl: 600)).Ttl, Written(Plan(Set("198.51.100.9"), ttl: 600)).Values)
        );

    [Fact]
    public void FirstContact_SingleValue_CountsAsOurs() =>
        Assert.Equal(s_new, Written(Plan(Set("198.51.100.1"))).Values);

    [Fact]
    public void FirstContact_SeveralValues_ArePreserved() =>
        Assert.Contains(
            "198.51.100.1, 198.51.100.2",
            Assert.IsType<PlannedAction.Preserve>(Plan(Set("198.51.100.1", "198.51.100.2"))).Reason,
            StringComparison.Ordinal
        );

    [Fact]
    public void FirstContact_SeveralValuesIncludingTheDesired_IsNoop() =>
        Assert.IsType<PlannedAction.Noop>(Plan(Set("198.51.100.1", "198.51.100.9")));

    [Fact]
    public void FirstContact_SeveralValues_PolicyReplace_AreReplaced() =>
        Assert.Equal(s_new, Written(Plan(Set("198.51.100.1", "198.51.100.2"), policy: RecordPolicy.Replace)).Values);

    [Fact]
    public void OurValue_IsReplaced_ForeignOnesStay() =>
        Assert.Equal(
            Set("198.51.100.1", "198.51.100.9"),
            Written(Plan(Set("198.51.100.1", "198.51.100.5"), ours: Set("198.51.100.5"))).Values
        );

    [Fact]
    public void OurValueMissing_ForeignOnesStay() =>
        Assert.Equal(
            Set("198.51.100.1", "198.51.100.9"),
            Written(Plan(Set("198.51.100.1"), ours: Set("198.51.100.5"))).Values
        );

    [Fact]
    public void OurOldValue_WithTheNewOne_IsRemoved() =>
        Assert.Equal(
            s_new,
            Written(Plan(Set("198.51.100.5", "198.51.100.9"), ours: Set("198.51.100.5", "198.51.100.9"))).Values
        );

    [Fact]
    public void OurFormerValue_ThatReturns_IsRemoved_ForeignOnesStay() =>
        Assert.Equal(
            Set("192.0.2.1", "198.51.100.9"),
            Written(
                Plan(
                    Set("192.0.2.1", "198.51.100.4", "198.51.100.5"),
                    ours: Set("198.51.100.5"),
                    former: Set("198.51.100.4")
                )
            ).Values
        );

    [Fact]
    public void OurFormerValue_WithTheDesired_IsRemoved() =>
        Assert.Equal(
            s_new,
            Written(Plan(Set("198.51.100.4", "198.51.100.9"), ours: s_new, former: Set("198.51.100.4"))).Values
        );

    [Fact]
    public void RemovedOnAbsence_RemainingForeignValue_StaysForeign() =>
        Assert.Equal(
            Set("192.0.2.1", "198.51.100.9"),
            Written(Plan(Set("192.0.2.1"), former: Set("198.51.100.4"))).Values
        );

    [Fact]
    public void OutdatedMemory_SingleUnknownValue_CountsAsOurs() =>
        Assert.Equal(s_new, Written(Plan(Set("198.51.100.6"), ours: Set("198.51.100.5"), isOutdated: true)).Values);

    [Fact]
    public void OutdatedMemory_SeveralUnknownValues_ArePreserved() =>
        Assert.IsType<PlannedAction.Preserve>(
            Plan(Set("192.0.2.1", "198.51.100.6"), ours: Set("198.51.100.5"), isOutdated: true)
        );

    [Fact]
    public void OutdatedMemory_RememberedValue_IsReplaced() =>
        Assert.Equal(
            Set("192.0.2.1", "198.51.100.9"),
            Written(Plan(Set("192.0.2.1", "198.51.100.5"), ours: Set("198.51.100.5"), isOutdated: true)).Values
        );

    [Fact]
    public void StoredName_KeepsItsCase() =>
        Assert.Equal("HoMe", Written(Plan(Stored() with { StoredName = "HoMe" })).StoredName);

    [Fact]
    public void NonAddressText_IsKept_AndNeverOurs()
    {
        Assert.Equal(
            ["010.1.1.1"],
            Written(
                Plan(Stored() with { Unparsed = ["010.1.1.1"] }, new(Set("198.51.100.1"), AddressSet.Empty))
            ).Unparsed
        );
        Assert.IsType<PlannedAction.Preserve>(Plan(Stored() with { Unparsed = ["010.1.1.1"] }));
        Assert.Empty(Written(Plan(Stored() with { Unparsed = ["010.1.1.1"] }, policy: RecordPolicy.Replace)).Unparsed);
    }

    [Fact]
    public void Absence_NonAddressText_IsKept()
    {
        var record = Record() with { WhenAbsent = AbsencePolicy.Remove };
        var action = Planner.Plan(
            s_key,
            record,
            new Evidence.Absent(),
            new LookupResult<RRset?>.Available(Stored() with { Unparsed = ["x"] }),
            new(Set("198.51.100.1"), AddressSet.Empty)
        );
        Assert.False(Written(action).IsEmpty);
    }

    [Fact]
    public void Absence_PolicyPreserve_IsSkipped() =>
        Assert.IsType<PlannedAction.Skip>(
            Planner.Plan(
                s_key,
                Record(),
                new Evidence.Absent(),
                new LookupResult<RRset?>.Available(Stored()),
                Ownership.None
            )
        );

    private static RRset Stored() => new(s_key, 300, Set("198.51.100.1"));

    private static PlannedAction Plan(
        RRset current,
        Ownership? ownership = null,
        RecordPolicy policy = RecordPolicy.Merge
    ) =>
        Planner.Plan(
            s_key,
            Record(policy),
            new Evidence.Agreed(s_new),
            new LookupResult<RRset?>.Available(current),
            ownership ?? Ownership.None
        );

    private static PlannedAction Plan(
        AddressSet? current,
        AddressSet? ours = null,
        RecordPolicy policy = RecordPolicy.Merge,
        int ttl = 300,
        AddressSet? former = null,
        bool isOutdated = false
    ) =>
        Planner.Plan(
            s_key,
            Record(policy, ttl),
            new Evidence.Agreed(s_new),
            new LookupResult<RRset?>.Available(current is null ? null : new RRset(s_key, 300, current)),
            new Ownership(ours ?? AddressSet.Empty, former ?? AddressSet.Empty, isOutdated)
        );

    private static DesiredRecord Record(RecordPolicy policy = RecordPolicy.Merge, int ttl = 300) =>
        new(s_key.Fqdn, s_key.Zone, s_key.Name, RecordType.A, ttl, policy);

    private static RRset Written(PlannedAction action) => Assert.IsType<PlannedAction.Write>(action).RRset;

    private static AddressSet Set(params string[] addresses) => new(addresses.Select(IPAddress.Parse));
}
