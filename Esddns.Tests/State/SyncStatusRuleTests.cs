using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Tests.State;

/// <summary>The status of a record, computed from its state.</summary>
public sealed class SyncStatusRuleTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 1, 12, 0, 0, TimeSpan.FromHours(1));
    private static readonly AddressSet s_ours = Set("192.0.2.1");
    private static readonly RecordState s_record = new(Fqdn.Parse("home.example.com"), RecordType.A)
    {
        Current = s_ours,
        Ours = s_ours,
    };

    private static readonly RecordError s_error = new(s_at, "unavailable", "LiveDNS answered 503");

    [Fact]
    public void NotAttempted_IsPending()
    {
        Is(SyncStatus.Pending, "no round has processed the record yet", s_record);
        Is(
            SyncStatus.Pending,
            "the desired state changed; waiting for the DNS provider",
            s_record with
            {
                Desired = s_ours,
                LastAttempt = s_at,
            }
        );
    }

    [Theory]
    [InlineData(RecordOutcome.Noop)]
    [InlineData(RecordOutcome.Updated)]
    internal void NoopOrUpdated_IsUpToDate(RecordOutcome outcome)
    {
        var record = s_record with { Outcome = outcome };
        Is(SyncStatus.UpToDate, null, record);
        Assert.True(record.InSync);
    }

    [Fact]
    public void UnconfirmedWrite_IsUnknown_DespiteTheOutcome()
    {
        var sent = s_record with { Sent = new SentWrite(null, "Start"), Outcome = RecordOutcome.Updated };
        Is(SyncStatus.Unknown, "a write was sent and is not confirmed yet", sent);
        Is(
            SyncStatus.Unknown,
            "LiveDNS answered 503",
            sent with
            {
                Outcome = RecordOutcome.Failed,
                LastError = s_error,
            }
        );
        Assert.False(sent.InSync);
    }

    [Fact]
    public void Failed_HasTheErrorAndTheNextAttempt()
    {
        var failed = s_record with { Outcome = RecordOutcome.Failed, LastError = s_error };
        Is(SyncStatus.Failed, "LiveDNS answered 503", failed);
        Is(
            SyncStatus.Failed,
            "LiveDNS answered 503; next attempt at 2026-11-01 11:15:00 UTC",
            failed with
            {
                LastError = s_error with { RetryAt = s_at.AddMinutes(15) },
            }
        );
        // An error before the last success does not count.
        Is(SyncStatus.UpToDate, null, failed with { Outcome = RecordOutcome.Noop });
    }

    [Fact]
    public void Preserved_IsLeftAloneOrSkipped()
    {
        var preserved = s_record with
        {
            Preserved = new Preservation(s_at, "no agreement"),
            Outcome = RecordOutcome.Preserved,
        };
        Is(SyncStatus.LeftAlone, "no agreement; record unchanged since 2026-11-01 11:00:00 UTC", preserved);
        Is(SyncStatus.Skipped, "no agreement", preserved with { Outcome = RecordOutcome.Skipped });
        Assert.Equal((false, true), (preserved.InSync, (preserved with { Outcome = RecordOutcome.Skipped }).InSync));
        Is(SyncStatus.Pending, "no round has processed the record yet", preserved with { Preserved = null });
    }

    [Fact]
    public void NotServed_IsFailed_IfItConcernsTheStoredValues()
    {
        var seen = new Propagation(s_at, s_ours, false, [], "delegated to ns.example.net");
        var record = s_record with { Outcome = RecordOutcome.Noop, Propagation = seen };
        Is(SyncStatus.Failed, "stored at the DNS provider, but not served: delegated to ns.example.net", record);
        Is(SyncStatus.UpToDate, null, record with { Propagation = seen with { Contradiction = null } });
        Is(
            SyncStatus.UpToDate,
            "1 foreign value kept: 192.0.2.2",
            record with
            {
                Current = Set("192.0.2.1", "192.0.2.2"),
            }
        );
    }

    [Fact]
    public void ForeignValues_AreCountedAndListedUpToTen()
    {
        var record = s_record with
        {
            Outcome = RecordOutcome.Noop,
            Current = Set("192.0.2.1", "198.51.100.2"),
            Unparsed = ["odd"],
        };
        Is(SyncStatus.UpToDate, "2 foreign values kept: 198.51.100.2, odd", record);
        Is(
            SyncStatus.UpToDate,
            "2 foreign values kept: 198.51.100.2, odd; changed by another client at 2026-11-01 11:00:00 UTC",
            record with
            {
                LastDrift = new Drift(s_at, s_ours, s_ours),
            }
        );
        var many = Enumerable.Range(1, 11).Select(i => $"198.51.100.{i}").ToArray();
        Assert.DoesNotContain(
            "…",
            (record with { Unparsed = [], Current = Set([.. many[..10], "192.0.2.1"]) }).Reason,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            " …",
            (record with { Unparsed = [], Current = Set([.. many, "192.0.2.1"]) }).Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Foreign_IsEmpty_WithoutOwnership()
    {
        Assert.Empty((s_record with { Current = null, Unparsed = ["odd"] }).Foreign);
        Assert.Empty((s_record with { Ours = AddressSet.Empty, Unparsed = ["odd"] }).Foreign);
        Assert.Empty((s_record with { Ours = AddressSet.Empty, Former = [IPAddress.Parse("192.0.2.1")] }).Foreign);
    }

    private static AddressSet Set(params string[] addresses) => new(addresses.Select(IPAddress.Parse));

    private static void Is(SyncStatus status, string? reason, RecordState record) =>
        Assert.Equal((status, reason), (SyncStatusRule.StatusOf(record), SyncStatusRule.ReasonOf(record)));
}
