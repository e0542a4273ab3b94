using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.State;

/// <summary>The state of a record in a new process, after a write that can still take effect.</summary>
public sealed class RecordStateTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RecordState s_record = new(Fqdn.Parse("home.example.com"), RecordType.A)
    {
        Outcome = RecordOutcome.Updated,
    };

    [Fact]
    public void TakenOver_AnsweredWrite_IsUnchanged() => Assert.Same(s_record, s_record.TakenOver(s_now));

    [Fact]
    public void TakenOver_UnansweredWrite_CountsFromNowAndIsPending()
    {
        RecordState[] open =
        [
            s_record with
            {
                Sent = new SentWrite(null, "start"),
            },
            s_record with
            {
                Unanswered = s_now.AddMinutes(-1),
            },
            s_record with
            {
                IsOwnershipOutdated = true,
            },
        ];
        Assert.All(
            open.Select(r => r.TakenOver(s_now)),
            r => Assert.Equal((s_now, RecordOutcome.Pending), (r.Unanswered, r.Outcome))
        );
        var noop = (open[0] with { Outcome = RecordOutcome.Noop }).TakenOver(s_now);
        var failed = (open[0] with { Outcome = RecordOutcome.Failed }).TakenOver(s_now);
        Assert.Equal((RecordOutcome.Pending, RecordOutcome.Failed), (noop.Outcome, failed.Outcome));
    }

    [Fact]
    public void Restart_CountsFromTheKnownWriteOrTheStart()
    {
        var known = s_record with { Unanswered = s_now.AddMinutes(-1) };
        var sent = known with { Sent = new SentWrite(null, "start") };
        Assert.Equal(s_now.AddMinutes(-1), Restarted(known).Unanswered);
        Assert.Equal(s_now, Restarted(sent).Unanswered);
        Assert.Null(Restarted(s_record).Unanswered);
    }

    [Fact]
    public void UnansweredWrite_KeepsMoreFormerValues()
    {
        var (quiet, open) = (s_record, s_record with { Unanswered = s_now });
        for (var i = 1; i <= RecordState.MaxFormerWhileUnanswered + 5; i++)
        {
            quiet = quiet.WithOurs(AddressSet.Of(IPAddress.Parse($"192.0.2.{i}")));
            open = open.WithOurs(AddressSet.Of(IPAddress.Parse($"192.0.2.{i}")));
        }

        Assert.Equal(
            (RecordState.MaxFormer, RecordState.MaxFormerWhileUnanswered),
            (quiet.Former.Length, open.Former.Length)
        );
    }

    private static RecordState Restarted(RecordState kept) =>
        new StateStore(new Keeper(kept), new FakeTimeProvider(s_now)).Current.Records[0];

    private sealed class Keeper(RecordState kept) : IStatePersistence
    {
        public string? Problem => null;

        public Snapshot Load() => Snapshot.Empty with { Records = RecordStates.Of([kept]) };

        public Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
