using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Verification;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>A record whose zone has two configurable name servers, on real sockets and fake time.</summary>
public abstract class PropagationScenario : IAsyncLifetime
{
    private protected const int Ns = 2;
    private protected const int Cname = 5;
    private protected static readonly RecordKey s_key = new(
        DomainName.Parse("example.com"),
        OwnerName.Parse("home"),
        RecordType.A
    );
    private protected readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private protected readonly DnsServer[] _servers;
    private protected readonly Func<byte[], byte[]?>[] _answers = [Right, Right];
    private protected readonly ReconcileTrigger _trigger;
    private protected readonly StateStore _state;
    private protected readonly PropagationWatch _watch;

    protected PropagationScenario()
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

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected RecordState Record => _state.Current.Records[s_key.Id]!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        foreach (var server in _servers)
            await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static byte[] Right(byte[] query) =>
        DnsReply.To(query, answers: [DnsReply.A("home.example.com", "192.0.2.1")]);

    private protected static byte[] Other(byte[] query) =>
        DnsReply.Name(query) == "home.example.com"
            ? DnsReply.To(query, answers: [DnsReply.A("home.example.com", "192.0.2.99")])
            : DnsReply.To(query, 3, authority: [DnsReply.Soa("example.com")]);

    private protected static AddressSet Addresses(string address) => AddressSet.Of(IPAddress.Parse(address));

    private protected static RecordState New(RecordKey key) =>
        new(key.Fqdn, key.Type)
        {
            Key = key,
            Ttl = 300,
            Desired = Addresses("192.0.2.1"),
            Current = Addresses("192.0.2.1"),
            Ours = Addresses("192.0.2.1"),
            Outcome = RecordOutcome.Noop,
        };

    private protected void Set(Func<RecordState, RecordState> change) =>
        _state.Update(s => s with { Records = RecordStates.Of([change(New(s_key))]) });

    private protected Task CheckAsync(TimeSpan later = default)
    {
        _time.Advance(later);
        return _watch.CheckAsync(Cancel);
    }

    private protected async Task<bool> IsDriftAsync()
    {
        _trigger.Request(ReconcileReason.Timer);
        return (await _trigger.NextAsync(TimeSpan.FromHours(1), ReconcileReason.Timer, Cancel)).Reasons[^1]
            == ReconcileReason.Drift;
    }

    private protected sealed class NoKeeper : IStatePersistence
    {
        public string? Problem => null;

        public Snapshot Load() => Snapshot.Empty;

        public Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
