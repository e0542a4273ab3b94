using System.IO.Compression;
using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.State;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>Reduction of a state that is too large for a ConfigMap.</summary>
public sealed class SizeLimitedStateTests
{
    /// <summary>The maximum size of a ConfigMap (1 MiB), in bytes.</summary>
    private const int Limit = 1 << 20;

    /// <summary>Less than the tests' records take with compression.</summary>
    private const int Small = 4_000;

    private static readonly RecordError s_error = new(DateTimeOffset.UnixEpoch, "forbidden", new string('ü', 300));

    [Fact]
    public void SmallState_IsStoredCompletely()
    {
        var snapshot = Of(Configured("home"), Owning(1), Suspended(1));
        var fitted = Fit(snapshot, 1_000_000);
        Assert.Empty(fitted.Unstored);
        Assert.False(fitted.IsCompressed);
        Assert.Equal(3, Kept(fitted).Records.Count);
        Assert.Equal(s_error.Message, Kept(fitted).Records[1].LastError!.Message);
    }

    [Fact]
    public void LargeState_IsStoredCompletely_WithCompression()
    {
        var records = Enumerable.Range(0, 10_000).Select(Owning).ToArray();
        var fitted = Fit(Of(records), 1_000_000);
        Assert.Empty(fitted.Unstored);
        Assert.True(fitted.IsCompressed);
        Assert.Equal(records.Select(r => r.Id), Kept(fitted).Records.Select(r => r.Id));
    }

    [Fact]
    public void CompressedBytes_AreCheckedBeforeUse()
    {
        Assert.Null(SizeLimitedState.Decompress("no compressed data"u8.ToArray()));
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize))
            for (var i = 0; i < 65; i++)
                gzip.Write(new byte[1 << 20]);
        Assert.Null(SizeLimitedState.Decompress(bomb.ToArray()));
    }

    [Fact]
    public void RecordsWithoutOwnership_AreOmitted()
    {
        var fitted = Fit(Of([.. Enumerable.Range(0, 600).Select(Suspended), Owning(1), Configured("home")]), Small);
        Assert.Empty(fitted.Unstored);
        Assert.Equal(
            ["home.example.com", "own1.example.com"],
            Kept(fitted).Records.Select(r => r.Fqdn.ToString()).Order()
        );
    }

    [Fact]
    public void TooManyOwnedRecords_LastOnesAreOmitted_ConfigurationStays()
    {
        RecordState[] records = [.. Enumerable.Range(0, 900).Select(Owning), OfService("web"), Configured("home")];
        var fitted = Fit(Of(records), Small);
        var kept = Kept(fitted);
        Assert.Equal(s_error, kept.Records.Single(r => r.Fqdn.ToString() == "home.example.com").LastError);
        Assert.NotEmpty(fitted.Unstored);
        Assert.Equal(records.Length, kept.Records.Count + fitted.Unstored.Count);
        // The status of a Service cannot store what is ours, so a Service comes before all DynamicRecords.
        Assert.Contains(kept.Records, r => r.Fqdn.ToString() == "web.example.com");
        Assert.Equal(
            Ids(0, kept.Records.Count - 2),
            kept.Records.Where(r => r.WantedBy!.StartsWith("Dyn", StringComparison.Ordinal)).Select(r => r.Id)
        );
        Assert.All(
            kept.Records,
            r =>
            {
                Assert.Equal(["203.0.113.10"], r.Ours.Select(a => a.ToString()));
                Assert.False(r.IsNeverPublished);
                Assert.Equal(DateTimeOffset.UnixEpoch, r.Unanswered);
            }
        );
    }

    /// <summary>The last copy of what is ours must not leave the ConfigMap because other records grow.</summary>
    [Fact]
    public void RecordsThatGrow_WaitWhileOnlyTheConfigMapContainsTheOthers()
    {
        const int limit = 30_000;
        RecordState[] others = [.. Enumerable.Range(50, 10).Select(Owning)];
        var before = Fit(Of([.. Enumerable.Range(0, 50).Select(Owning), .. others]), limit);
        Assert.Empty(before.Unstored);
        var grown = Of([.. Enumerable.Range(0, 50).Select(Grown), .. others]);

        var waiting = SizeLimitedState.Of(grown, new StateSizeLimit(limit), before.Kept, _ => false);
        Assert.InRange(waiting.Bytes.Length, 0, limit);
        Assert.Equal(before.Kept.Select(r => r.Id).ToHashSet(), waiting.Kept.Select(r => r.Id).ToHashSet());
        Assert.NotEmpty(waiting.Unstored);
        Assert.All(waiting.Unstored, id => Assert.Single(waiting.Kept[id]!.OursEver));

        // The status of the objects contains the others, so they make room.
        var otherIds = others.Select(r => r.Id).ToHashSet();
        var after = SizeLimitedState.Of(grown, new StateSizeLimit(limit), before.Kept, r => otherIds.Contains(r.Id));
        Assert.True(after.Unstored.Count < waiting.Unstored.Count);
        Assert.DoesNotContain(after.Unstored, otherIds.Contains);
    }

    /// <summary>
    /// Records whose only copy is the compressed ConfigMap must not leave it when a change no longer fits: they are
    /// more than fit without compression.
    /// </summary>
    [Fact]
    public void ChangeOfCompressedRecords_KeepsTheOnlyCopyOfEach()
    {
        var before = Fit(Of([.. Enumerable.Range(0, 900).Select(Owning)]), 40_000);
        Assert.True(before.IsCompressed);
        Assert.Empty(before.Unstored);
        var grown = Of([.. Enumerable.Range(0, 900).Select(Grown)]);
        var after = SizeLimitedState.Of(grown, new StateSizeLimit(40_000), before.Kept, _ => false);
        Assert.Equal(900, Kept(after).Records.Count);
        Assert.Equal(900, after.Unstored.Count);
        Assert.All(Kept(after).Records, r => Assert.Equal(["203.0.113.10"], r.OursEver.Select(a => a.ToString())));
    }

    /// <summary>With the times of each record, which compression does not make smaller, and a full history.</summary>
    [Fact]
    public void TenThousandRecords_AreStoredCompletely()
    {
        var random = new Random(1);
        var values = AddressSet.Of(IPAddress.Parse("203.0.113.10"));
        RecordState[] records = [.. Enumerable.Range(0, 10_000).Select(WithTimes)];
        var fitted = Fit(Of(records), new StateSizeLimit().Bytes);
        Assert.Empty(fitted.Unstored);
        Assert.Equal(records[9_999].Propagation!.At, Kept(fitted).Records[9_999].Propagation!.At);
        Measured.Add($"state of 10,000 records: {fitted.Bytes.Length / 1000} kB with compression");

        RecordState WithTimes(int i) =>
            Record($"host-{i}") with
            {
                WantedBy = $"DynamicRecord team-{i % 50}/record-{i}",
                Credentials = "",
                Desired = values,
                Current = values,
                Ours = values,
                Former = [IPAddress.Parse("203.0.113.9")],
                Outcome = RecordOutcome.Noop,
                LastAttempt = Time(),
                LastVerified = Time(),
                LastWritten = Time(),
                Propagation = new Propagation(Time(), values, true, [], Asked: 2),
            };

        DateTimeOffset Time() => DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(TimeSpan.TicksPerDay));
    }

    /// <summary>Transitions leave the ConfigMap before anything else, the oldest first.</summary>
    [Fact]
    public void TooManyTransitions_AreOmittedFirst()
    {
        var random = new Random(1);
        var at = DateTimeOffset.UnixEpoch;
        var snapshot = Of(Configured("home"), Suspended(1)) with
        {
            Transitions = new(
                at,
                [.. Enumerable.Range(0, 10_000).Select(i => Entry(at.AddDays(30).AddTicks(-i * 1_000_000L)))]
            ),
        };
        Assert.Equal(10_000, Stored(1_000_000).Entries.Length);
        var some = Stored(40_000);
        Assert.Equal(1_000, some.Entries.Length);
        Assert.Equal(snapshot.Transitions.Entries[1_000].At, some.Since);
        var none = Stored(2_000);
        Assert.Empty(none.Entries);
        Assert.Equal(snapshot.Transitions.Entries[0].At, none.Since);

        Transitions Stored(int limit)
        {
            var kept = Kept(Fit(snapshot, limit));
            Assert.Equal(snapshot.Records.Select(r => r.Id), kept.Records.Select(r => r.Id));
            return kept.Transitions;
        }

        Transition Entry(DateTimeOffset time)
        {
            var noise = TimeSpan.FromTicks(random.NextInt64(1_000_000));
            return new Transition(time + noise, Configured("home").Id, SyncCondition.InSync, SyncCondition.OutOfSync);
        }
    }

    /// <summary>A record with many former values, which compression does not make much smaller.</summary>
    private static RecordState Grown(int i)
    {
        var random = new Random(i);
        return Owning(i) with { Former = [.. Enumerable.Range(0, 120).Select(_ => new IPAddress(random.Next()))] };
    }

    private static SizeLimitedState Fit(Snapshot snapshot, int bytes) =>
        SizeLimitedState.Of(snapshot, new StateSizeLimit(bytes), RecordStates.Empty, _ => false);

    private static IEnumerable<RecordId> Ids(int first, int count) =>
        Enumerable.Range(first, count).Select(i => Owning(i).Id);

    private static Snapshot Kept(SizeLimitedState fitted)
    {
        Assert.InRange(fitted.Bytes.Length, 0, Limit);
        var json = fitted.IsCompressed ? SizeLimitedState.Decompress(fitted.Bytes) : fitted.Bytes;
        return SnapshotJson.Read(json, out _)!;
    }

    private static Snapshot Of(params RecordState[] records) =>
        Snapshot.Empty with
        {
            Records = RecordStates.Of(records),
        };

    private static RecordState Configured(string name) => Owner(name) with { WantedBy = "the configuration" };

    private static RecordState OfService(string name) => Owner(name) with { WantedBy = $"Service team/{name}" };

    private static RecordState Owning(int i) => Owner($"own{i}") with { WantedBy = $"DynamicRecord team/own{i}" };

    private static RecordState Owner(string name) =>
        Record(name) with
        {
            Ours = AddressSet.Of(IPAddress.Parse("203.0.113.10")),
            LastError = s_error,
            LastVerified = DateTimeOffset.UnixEpoch,
            Unanswered = DateTimeOffset.UnixEpoch,
        };

    private static RecordState Suspended(int i) =>
        Record($"idle{i}") with
        {
            WantedBy = $"DynamicRecord team/idle{i}",
            Outcome = RecordOutcome.Preserved,
            Preserved = new Preservation(DateTimeOffset.UnixEpoch, "it is suspended"),
        };

    private static RecordState Record(string name)
    {
        var zone = DomainName.Parse("example.com");
        return new RecordState(Fqdn.Parse($"{name}.example.com"), RecordType.A)
        {
            Key = new RecordKey(zone, OwnerName.Parse(name), RecordType.A),
            Ttl = 300,
        };
    }
}
