using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;

namespace Esddns.Tests.Reconcile;

public sealed class PlannerTests
{
    private static readonly RecordKey s_key = new(DomainName.Parse("example.co.uk"), OwnerName.Parse("home"), RecordType.A);
    private static readonly AddressSet s_new = Set("198.51.100.9");

    [Fact]
    public void Missing_IsCreated() => Assert.Equal(new RRset(s_key, 300, s_new), Written(Plan(null)));

    [Fact]
    public void Right_IsNoop() => Assert.IsType<PlannedAction.Noop>(Plan(Set("198.51.100.9")));

    [Fact]
    public void OnlyTheTtlDiffers_IsWrittenWithTheSameValues() =>
        Assert.Equal((600, s_new), (Written(Plan(Set("198.51.100.9"), ttl: 600)).Ttl, Written(Plan(Set("198.51.100.9"), ttl: 600)).Values));

    [Fact]
    public void FirstContact_SingleValue_IsTakenForOurs() => Assert.Equal(s_new, Written(Plan(Set("198.51.100.1"))).Values);

    [Fact]
    public void FirstContact_SeveralValues_AreLeftAlone() =>
        Assert.Contains("198.51.100.1, 198.51.100.2", Assert.IsType<PlannedAction.Preserve>(Plan(Set("198.51.100.1", "198.51.100.2"))).Reason, StringComparison.Ordinal);

    [Fact]
    public void FirstContact_SeveralValuesWithTheRightOneAmongThem_AreRight() =>
        Assert.IsType<PlannedAction.Noop>(Plan(Set("198.51.100.1", "198.51.100.9")));

    [Fact]
    public void FirstContact_SeveralValues_PolicyReplace_AreReplaced() =>
        Assert.Equal(s_new, Written(Plan(Set("198.51.100.1", "198.51.100.2"), policy: RecordPolicy.Replace)).Values);

    [Fact]
    public void OurValue_IsReplaced_ForeignOnesStay() =>
        Assert.Equal(Set("198.51.100.1", "198.51.100.9"), Written(Plan(Set("198.51.100.1", "198.51.100.5"), ours: Set("198.51.100.5"))).Values);

    [Fact]
    public void OurValueIsGone_ForeignOnesStay() =>
        Assert.Equal(Set("198.51.100.1", "198.51.100.9"), Written(Plan(Set("198.51.100.1"), ours: Set("198.51.100.5"))).Values);

    [Fact]
    public void OurOldValueBesideTheNewOne_IsRemoved() =>
        Assert.Equal(s_new, Written(Plan(Set("198.51.100.5", "198.51.100.9"), ours: Set("198.51.100.5", "198.51.100.9"))).Values);

    [Fact]
    public void StoredName_KeepsItsCase()
    {
        var stored = new RRset(s_key with { Name = OwnerName.Parse("HoMe") }, 300, Set("198.51.100.1"));
        Assert.Equal("HoMe", Written(Planner.Plan(s_key, Record(), new Evidence.Agreed(s_new), new Answer<RRset?>.Known(stored), AddressSet.Empty)).Key.Name.ToString());
    }

    private static PlannedAction Plan(AddressSet? current, AddressSet? ours = null, RecordPolicy policy = RecordPolicy.Merge, int ttl = 300) =>
        Planner.Plan(s_key, Record(policy, ttl), new Evidence.Agreed(s_new), new Answer<RRset?>.Known(current is null ? null : new RRset(s_key, 300, current)), ours ?? AddressSet.Empty);

    private static DesiredRecord Record(RecordPolicy policy = RecordPolicy.Merge, int ttl = 300) =>
        new(s_key.Fqdn, s_key.Zone, s_key.Name, RecordType.A, ttl, policy);

    private static RRset Written(PlannedAction action) => Assert.IsType<PlannedAction.Write>(action).RRset;

    private static AddressSet Set(params string[] addresses) => new(addresses.Select(IPAddress.Parse));
}
