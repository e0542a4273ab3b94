using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>Queries to the zone's name servers and their results, with real sockets and fake time.</summary>
public sealed class PropagationTests : IAsyncLifetime
{
    private const int Ns = 2;
    private const int Cname = 5;
    private static readonly RecordKey s_key = new(
        DomainName.Parse("example.com"),
        OwnerName.Parse("home"),
        RecordType.A
    );
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly DnsServer[] _servers;
    private readonly Func<byte[], byte[]?>[] _answers = [Right, Right];
    private readonly ReconcileTrigger _trigger;
    private readonly StateStore _state;
    private readonly PropagationWatch _watch;

    public PropagationTests()
    {
        _servers = [new DnsServer(q => _answers[0](q)), new DnsServer(q => _answers[1](q))];
        _trigger = new ReconcileTrigger(_time);
        _state = new StateStore(new NoKeeper(), _time);
        Uri[] servers = [.. _servers.Select(s => new Uri($"dns://{s.EndPoint}"))];
        var options = new AuthoritativeOptions { NameServers = servers };
        var reader = new AuthoritativeReader(new NameServerFinder(options, _time), _time);
        _watch = new PropagationWatch(reader, new AlwaysLeader(), _state, _trigger, options, _time);
        Set(r => r);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RecordState Record => _state.Current.Records[s_key.Id]!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        foreach (var server in _servers)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task ServersThatAnswerRight_VerifyTheRecord()
    {
        await LookAsync();
        var seen = Record.Propagation!;
        Assert.Equal((true, null, 2), (seen.IsDone, seen.Contradiction, seen.Asked));
        Assert.Equal((SyncStatus.UpToDate, _time.GetUtcNow()), (Record.State, Record.LastVerified));
        Assert.False(await IsDriftAsync());
    }

    [Theory]
    [InlineData("preserved")]
    [InlineData("failed")]
    public async Task RecordThatIsNotAsWanted_IsNotVerifiedByServersThatAgreeWithTheProvider(string outcome)
    {
        Set(r => r with { Outcome = Enum.Parse<RecordOutcome>(outcome, ignoreCase: true) });
        await LookAsync();
        Assert.True(Record.Propagation!.IsDone);
        Assert.Null(Record.LastVerified);
    }

    [Fact]
    public async Task Delegation_IsAContradictionAtOnce()
    {
        Set(r => r with { LastWritten = _time.GetUtcNow() });
        _answers[0] = _answers[1] = Delegated;
        await LookAsync();
        Assert.Contains(
            "refers to ns.example.org for home.example.com",
            Record.Propagation!.Contradiction,
            StringComparison.Ordinal
        );
        Assert.Equal((SyncStatus.Failed, false), (Record.State, Record.Propagation.IsDone));
        Assert.False(await IsDriftAsync());

        _answers[0] = _answers[1] = Right;
        await LookAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(SyncStatus.UpToDate, Record.State);
    }

    [Fact]
    public async Task Delegation_WithASilentServer_IsAContradictionAllTheSame()
    {
        _answers[0] = Delegated;
        _answers[1] = q => DnsReply.To(q, 2);
        await LookAsync();
        Assert.NotNull(Record.Propagation!.Contradiction);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(2, false)]
    public async Task Refusal_ByAll_IsAContradiction_AndAFailureIsNot(int code, bool isOne)
    {
        _answers[0] = _answers[1] = q => DnsReply.To(q, code, aa: false);
        await LookAsync();
        await LookAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(isOne, Record.Propagation!.Contradiction is not null);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    public async Task Refusal_ByOneOfTwo_IsNoContradiction(int otherCode, bool isOne)
    {
        _answers[0] = q => DnsReply.To(q, 5, aa: false);
        if (otherCode != 0)
            _answers[1] = q => DnsReply.To(q, otherCode);
        await LookAsync();
        await LookAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(isOne, Record.Propagation!.Contradiction is not null);
        Assert.False(await IsDriftAsync());
    }

    [Fact]
    public async Task OtherValue_AfterAWrite_MayBeOnItsWay_AndIsAContradictionAfterTheUsualDelay()
    {
        Set(r => r with { LastWritten = _time.GetUtcNow() });
        _answers[0] = Other;
        await LookAsync();
        await LookAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((SyncStatus.UpToDate, false), (Record.State, Record.Propagation!.IsDone));

        await LookAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(SyncStatus.Failed, Record.State);
        Assert.Contains("answers 192.0.2.99", Record.Reason, StringComparison.Ordinal);
        Assert.False(await IsDriftAsync(), "one of two servers is late");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OtherValue_OfAll_IsDrift_AndAContradictionWhenASecondLookSeesItToo(bool isAlias)
    {
        await LookAsync();
        _answers[0] = _answers[1] = isAlias ? Alias : Other;
        await LookAsync(TimeSpan.FromMinutes(5));
        Assert.True(await IsDriftAsync());
        Assert.Null(Record.Propagation!.Contradiction);

        await LookAsync(TimeSpan.FromSeconds(5));
        Assert.NotNull(Record.Propagation!.Contradiction);
    }

    [Fact]
    public async Task OtherValue_OfAllThatAnswer_IsDrift()
    {
        (_answers[0], _answers[1]) = (Other, q => DnsReply.To(q, 2));
        await LookAsync();
        Assert.True(await IsDriftAsync());
    }

    [Fact]
    public async Task DifferentOtherValues_AreNoDrift()
    {
        (_answers[0], _answers[1]) = (Other, q => DnsReply.To(q, answers: [Own(q, "192.0.2.98")]));
        await LookAsync();
        Assert.False(await IsDriftAsync());
    }

    [Fact]
    public async Task OtherTtl_IsDrift_AndNoContradiction()
    {
        _answers[0] = _answers[1] = q =>
            DnsReply.To(q, answers: [DnsReply.A("home.example.com", "192.0.2.1", ttl: 86_400)]);
        await LookAsync();
        Assert.True(await IsDriftAsync());
        await LookAsync(TimeSpan.FromMinutes(5));
        var seen = Record.Propagation!;
        Assert.Equal((false, null, SyncStatus.UpToDate), (seen.IsDone, seen.Contradiction, Record.State));
    }

    [Fact]
    public async Task OtherTtl_OfARecordThatIsNotToHaveOurs_IsRight()
    {
        var preserved = new Preservation(_time.GetUtcNow(), "foreign");
        Set(r => r with { Outcome = RecordOutcome.Preserved, Preserved = preserved });
        _answers[0] = _answers[1] = q =>
            DnsReply.To(q, answers: [DnsReply.A("home.example.com", "192.0.2.1", ttl: 86_400)]);
        await LookAsync();
        Assert.True(Record.Propagation!.IsDone);
    }

    [Fact]
    public async Task SilentServers_NeitherMakeNorEndAContradiction()
    {
        _answers[0] = _answers[1] = Delegated;
        await LookAsync();
        var contradiction = Record.Propagation!.Contradiction;
        _answers[0] = _answers[1] = q => DnsReply.To(q, 2);
        await LookAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((contradiction, false), (Record.Propagation!.Contradiction, Record.Propagation.IsDone));

        Set(r => r);
        await LookAsync();
        await LookAsync(TimeSpan.FromHours(1));
        Assert.Null(Record.Propagation!.Contradiction);
        Assert.False(await IsDriftAsync());
    }

    [Fact]
    public async Task RecordRemovedBelowAWildcard_IsNoDrift()
    {
        Set(r => r with { Current = AddressSet.Empty, Desired = AddressSet.Empty });
        _answers[0] = _answers[1] = q => DnsReply.To(q, answers: [Own(q, "192.0.2.8")]);
        await LookAsync();
        Assert.True(Record.Propagation!.IsDone);
        Assert.False(await IsDriftAsync());
    }

    [Fact]
    public async Task RemovedRecord_ThatIsDelegated_IsNoContradiction()
    {
        Set(r => r with { Current = AddressSet.Empty, Desired = AddressSet.Empty });
        _answers[0] = _answers[1] = Delegated;
        await LookAsync();
        Assert.Null(Record.Propagation!.Contradiction);
    }

    [Fact]
    public async Task ValuesThatAreNoAddressInTheirUsualForm_MayBeServedAsSome()
    {
        Set(r => r with { Unread = ["010.1.1.1"] });
        byte[][] stored = [DnsReply.A("home.example.com", "192.0.2.1"), DnsReply.A("home.example.com", "8.1.1.1")];
        _answers[0] = _answers[1] = q => DnsReply.To(q, answers: stored);
        await LookAsync();
        Assert.True(Record.Propagation!.IsDone);
    }

    public static TheoryData<string> Meanwhile => ["written", "writing", "other value", "other ttl", "moved"];

    [Theory]
    [MemberData(nameof(Meanwhile))]
    public async Task RecordThatChangedWhileTheServersWereAsked_IsNotJudged(string what)
    {
        var later = _time.GetUtcNow().AddSeconds(1);
        _answers[0] = _answers[1] = q =>
        {
            _state.Update(s => s with { Records = s.Records.With(s_key.Id, r => Changed(r, what, later)) });
            return Other(q);
        };
        await LookAsync();
        Assert.Null(Record.Propagation);
        Assert.False(await IsDriftAsync());
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("unplaced")]
    [InlineData("writing")]
    public async Task RecordOfWhichNothingIsKnown_IsNotLookedAt(string what)
    {
        Set(r =>
            what switch
            {
                "unknown" => r with { Current = null },
                "unplaced" => r with { Key = null },
                _ => r with { Sent = new SentWrite(r.Current, "test") },
            }
        );
        await LookAsync();
        Assert.Empty(_servers[0].Asked);
    }

    [Fact]
    public async Task RecordThatIsRight_IsLookedAtOnceAnInterval_AndOneOnItsWayEveryFewSeconds()
    {
        Set(r => r with { LastWritten = _time.GetUtcNow() });
        _answers[0] = Other;
        await LookAsync();
        await LookAsync(TimeSpan.FromSeconds(4));
        Assert.Single(_servers[1].Asked);
        await LookAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _servers[1].Asked.Count);

        _answers[0] = Right;
        await LookAsync(TimeSpan.FromSeconds(5));
        await LookAsync(TimeSpan.FromSeconds(299));
        Assert.Equal(3, _servers[1].Asked.Count);
        await LookAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(4, _servers[1].Asked.Count);
    }

    [Fact]
    public async Task SilentServer_CostsItsTimeLimitOnce_HoweverManyRecordsThereAre()
    {
        var records = Enumerable.Range(0, 50).Select(i => New(s_key with { Name = OwnerName.Parse($"r{i}") }));
        _state.Update(s => s with { Records = RecordStates.Of(records) });
        _answers[0] = _answers[1] = _ => null;
        var began = _time.GetUtcNow();
        var looking = _watch.LookAsync(Cancel);
        await Eventually.IsTrueAsync(() =>
        {
            if (!looking.IsCompleted)
                _time.Advance(TimeSpan.FromMilliseconds(100));
            return looking.IsCompleted;
        });
        Assert.All(_state.Current.Records, r => Assert.False(r.Propagation!.IsDone));
        var names = _servers[0].Asked.Select(DnsReply.Name).Distinct().Count();
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

    private static byte[] Right(byte[] query) =>
        DnsReply.To(query, answers: [DnsReply.A("home.example.com", "192.0.2.1")]);

    private static byte[] Delegated(byte[] query) =>
        DnsReply.To(query, aa: false, authority: [DnsReply.Pointing("home.example.com", Ns, "ns.example.org")]);

    private static byte[] Own(byte[] query, string address) => DnsReply.A(DnsReply.Name(query), address);

    private static byte[] Other(byte[] query) =>
        DnsReply.Name(query) == "home.example.com"
            ? DnsReply.To(query, answers: [DnsReply.A("home.example.com", "192.0.2.99")])
            : DnsReply.To(query, 3, authority: [DnsReply.Soa("example.com")]);

    private static byte[] Alias(byte[] query) =>
        DnsReply.Name(query) == "home.example.com"
            ? DnsReply.To(query, answers: [DnsReply.Pointing("home.example.com", Cname, "a.example.org")])
            : DnsReply.To(query, 3, authority: [DnsReply.Soa("example.com")]);

    private static AddressSet Addresses(string address) => AddressSet.Of(IPAddress.Parse(address));

    private static RecordState New(RecordKey key) =>
        new(key.Fqdn, key.Type)
        {
            Key = key,
            Ttl = 300,
            Desired = Addresses("192.0.2.1"),
            Current = Addresses("192.0.2.1"),
            Ours = Addresses("192.0.2.1"),
            Outcome = RecordOutcome.Noop,
        };

    private void Set(Func<RecordState, RecordState> change) =>
        _state.Update(s => s with { Records = RecordStates.Of([change(New(s_key))]) });

    private Task LookAsync(TimeSpan later = default)
    {
        _time.Advance(later);
        return _watch.LookAsync(Cancel);
    }

    private async Task<bool> IsDriftAsync()
    {
        _trigger.Request(ReconcileReason.Timer);
        return (await _trigger.NextAsync(TimeSpan.FromHours(1), ReconcileReason.Timer, Cancel)).Reasons[^1]
            == ReconcileReason.Drift;
    }

    private sealed class NoKeeper : IStateKeeper
    {
        public string? Problem => null;

        public Snapshot Load() => Snapshot.Empty;

        public Task<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
