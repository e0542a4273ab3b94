using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.State;

namespace Esddns.Tests.Kubernetes;

/// <summary>The RRsets with values of ours in the status of an object.</summary>
public sealed class OwnedRecordTests
{
    private static readonly DateTimeOffset s_written = DateTimeOffset.UnixEpoch.AddDays(1);
    private static readonly IPAddress s_now = IPAddress.Parse("203.0.113.10");
    private static readonly IPAddress s_before = IPAddress.Parse("198.51.100.9");

    private static readonly RecordState s_state = new(Fqdn.Parse("app.example.com"), RecordType.A)
    {
        Key = new RecordKey(DomainName.Parse("example.com"), OwnerName.Parse("app"), RecordType.A),
        WantedBy = "DynamicRecord team/app",
        Ttl = 600,
        Credentials = "team/mine#api-key",
        Ours = AddressSet.Of(s_now),
        Former = [s_before],
        LastWritten = s_written,
        LastVerified = s_written,
    };

    [Fact]
    public void State_IsRestored()
    {
        var restored = Assert.Single(Restored(s_state));
        Assert.Equal((s_state.Id, s_state.Key, 600), (restored.Id, restored.Key, restored.Ttl));
        Assert.Equal(("DynamicRecord team/app", "team/mine#api-key"), (restored.WantedBy, restored.Credentials));
        Assert.Equal([s_now], restored.Ours);
        Assert.Equal([s_before], restored.Former);
        Assert.Equal(s_written, restored.LastWritten);
        Assert.Null(restored.Sent);
        Assert.False(restored.IsNeverPublished);
        Assert.Equal(RecordOutcome.Pending, restored.Outcome);
    }

    [Fact]
    public void UnconfirmedWrites_AreUnconfirmedForTheNextLeader()
    {
        foreach (
            var record in new[]
            {
                s_state with
                {
                    Sent = new SentWrite(null, "Timer"),
                },
                s_state with
                {
                    Unanswered = s_written,
                },
            }
        )
            Assert.NotNull(Assert.Single(Restored(record)).TakenOver(s_written).Unanswered);
    }

    /// <summary>A record that already was as desired has no write, but its value is ours.</summary>
    [Fact]
    public void AdoptedRecord_CountsAsPublished()
    {
        var restored = Assert.Single(Restored(s_state with { LastWritten = null }, lastSync: s_written.UtcDateTime));
        Assert.False(restored.IsNeverPublished);
        Assert.Equal(s_written, restored.LastVerified);
    }

    [Fact]
    public void OutdatedStatus_DoesNotTellAllValuesOfOurs() =>
        Assert.True(Assert.Single(OwnedRecord.StatesOf(Item(OwnedRecord.Of(s_state)), true)).IsOwnershipOutdated);

    [Fact]
    public void RecordWithoutPublishedValues_IsNotStored()
    {
        Assert.Null(OwnedRecord.Of(null));
        Assert.Null(OwnedRecord.Of(s_state with { Key = null }));
        Assert.Null(OwnedRecord.Of(s_state with { Ours = AddressSet.Empty, Former = [] }));
    }

    [Fact]
    public void ValueThatIsNotSentYet_IsStored_AndDoesNotCountAsPublished()
    {
        var unsent = s_state with { LastWritten = null, LastVerified = null };
        Assert.True(unsent.IsNeverPublished);
        var restored = Assert.Single(Restored(unsent));
        Assert.Equal([s_now], restored.Ours);
        Assert.True(restored.IsNeverPublished);
    }

    [Fact]
    public void Covers_OnlyWhenAllValuesAreStored()
    {
        var stored = OwnedRecord.Of(s_state)!;
        Assert.True(stored.Covers(s_state));
        // Which values are current does not matter.
        Assert.True(stored.Covers(s_state with { Ours = AddressSet.Of(s_before), Former = [s_now] }));
        Assert.False(stored.Covers(s_state with { Former = [s_before, IPAddress.Parse("198.51.100.1")] }));
        Assert.False(stored.Covers(s_state with { Unanswered = s_written }));
        Assert.False(stored.Covers(s_state with { Credentials = "" }));
        Assert.False(With(r => r.Name = "other").Covers(s_state));
        var many = AddressSet.Empty.With(
            new AddressSet(Enumerable.Range(0, OwnedRecord.MaxValues + 1).Select(i => new IPAddress(i)))
        );
        Assert.False(OwnedRecord.Of(s_state with { Ours = many })!.Covers(s_state with { Ours = many }));
    }

    [Fact]
    public void InvalidRecords_AreLeftOut()
    {
        var valid = OwnedRecord.Of(s_state);
        OwnedRecord?[] invalid =
        [
            null,
            new OwnedRecord(),
            With(r => r.Zone = "not a zone"),
            With(r => r.Name = ""),
            With(r => r.Name = string.Join('.', Enumerable.Repeat("a", 124))),
            With(r => r.Type = "7"),
            With(r => r.Type = "MX"),
        ];
        Assert.Single(OwnedRecord.StatesOf(Item([.. invalid, valid]), false));
        var mixed = With(r => r.Ours = ["203.0.113.10", "no address", null!, "203.0.113.10"]);
        Assert.Equal([s_now], Assert.Single(OwnedRecord.StatesOf(Item(mixed), false)).Ours);
    }

    [Theory]
    [InlineData("team/mine#api-key", "team/mine#api-key")]
    [InlineData("other/mine#api-key", null)]
    [InlineData("team/mine", null)]
    [InlineData(null, "")]
    public void CredentialsOfAnotherNamespace_AreLeftOut(string? stored, string? restored) =>
        Assert.Equal(
            restored,
            OwnedRecord.StatesOf(Item(With(r => r.Credentials = stored)), false).Single().Credentials
        );

    private static OwnedRecord With(Action<OwnedRecord> change)
    {
        var record = OwnedRecord.Of(s_state)!;
        change(record);
        return record;
    }

    private static RecordState[] Restored(RecordState state, DateTime? lastSync = null)
    {
        var item = Item(OwnedRecord.Of(state));
        item.Status!.LastSyncTime = lastSync;
        return [.. OwnedRecord.StatesOf(item, isOutdated: false)];
    }

    private static DynamicRecord Item(params OwnedRecord?[] records) =>
        new()
        {
            Metadata = new ObjectMeta { Namespace = "team", Name = "app" },
            Status = new DynamicRecordStatus { Records = [.. records.Select(r => r!)] },
        };
}
