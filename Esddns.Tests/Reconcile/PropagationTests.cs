using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Tests.Support;

namespace Esddns.Tests.Reconcile;

/// <summary>Propagation of a record: which records are checked, when, and at what cost.</summary>
public sealed class PropagationTests : PropagationScenario
{
    [Fact]
    public async Task CorrectAnswers_VerifyTheRecord()
    {
        await CheckAsync();
        var seen = Record.Propagation!;
        Assert.Equal((true, null, 2), (seen.IsDone, seen.Contradiction, seen.Asked));
        Assert.Equal((SyncStatus.UpToDate, _time.GetUtcNow()), (Record.State, Record.LastVerified));
        Assert.False(await IsDriftAsync());
    }

    [Theory]
    [InlineData("preserved")]
    [InlineData("failed")]
    public async Task OutOfSyncRecord_ServersAgree_IsNotVerified(string outcome)
    {
        Set(r => r with { Outcome = Enum.Parse<RecordOutcome>(outcome, ignoreCase: true) });
        await CheckAsync();
        Assert.True(Record.Propagation!.IsDone);
        Assert.Null(Record.LastVerified);
    }

    public static TheoryData<string> Meanwhile => ["written", "writing", "other value", "other ttl", "moved"];

    [Theory]
    [MemberData(nameof(Meanwhile))]
    public async Task RecordChangedDuringTheQuery_IsNotEvaluated(string what)
    {
        var later = _time.GetUtcNow().AddSeconds(1);
        _answers[0] = _answers[1] = q =>
        {
            _state.Update(s => s with { Records = s.Records.With(s_key.Id, r => Changed(r, what, later)) });
            return Other(q);
        };
        await CheckAsync();
        Assert.Null(Record.Propagation);
        Assert.False(await IsDriftAsync());
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("unplaced")]
    [InlineData("writing")]
    public async Task UnknownRecord_IsNotChecked(string what)
    {
        Set(r =>
            what switch
            {
                "unknown" => r with { Current = null },
                "unplaced" => r with { Key = null },
                _ => r with { Sent = new SentWrite(r.Current, "test") },
            }
        );
        await CheckAsync();
        Assert.Empty(_servers[0].Queries);
    }

    [Fact]
    public async Task VerifiedRecord_IsCheckedOncePerInterval_AndAPropagatingOneEveryFewSeconds()
    {
        Set(r => r with { LastWritten = _time.GetUtcNow() });
        _answers[0] = Other;
        await CheckAsync();
        await CheckAsync(TimeSpan.FromSeconds(4));
        Assert.Single(_servers[1].Queries);
        await CheckAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _servers[1].Queries.Count);

        _answers[0] = Right;
        await CheckAsync(TimeSpan.FromSeconds(5));
        await CheckAsync(TimeSpan.FromSeconds(299));
        Assert.Equal(3, _servers[1].Queries.Count);
        await CheckAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(4, _servers[1].Queries.Count);
    }

    [Fact]
    public async Task UnresponsiveServer_DelaysAllRecordsByOneTimeLimit()
    {
        var records = Enumerable.Range(0, 50).Select(i => New(s_key with { Name = OwnerName.Parse($"r{i}") }));
        _state.Update(s => s with { Records = RecordStates.Of(records) });
        _answers[0] = _answers[1] = _ => null;
        var began = _time.GetUtcNow();
        var looking = _watch.CheckAsync(Cancel);
        await Eventually.IsTrueAsync(() =>
        {
            if (!looking.IsCompleted)
                _time.Advance(TimeSpan.FromMilliseconds(100));
            return looking.IsCompleted;
        });
        Assert.All(_state.Current.Records, r => Assert.False(r.Propagation!.IsDone));
        var names = _servers[0].Queries.Select(DnsReply.Name).Distinct().Count();
        Assert.True(names <= 8, $"{names} records waited for the silent server");
    }

    private static RecordState Changed(RecordState record, string what, DateTimeOffset later) =>
        what switch
        {
            "written" => record with { LastWritten = later },
            "writing" => record with { Sent = new SentWrite(record.Current, "test") },
            "other value" => record with { Current = Addresses("192.0.2.2") },
            "other ttl" => record with { Ttl = 600 },
            _ => record with
            {
                Key = s_key with { Zone = DomainName.Parse("home.example.com"), Name = OwnerName.Apex },
            },
        };
}
