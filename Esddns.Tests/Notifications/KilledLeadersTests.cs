using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Tests.Chaos;
using Esddns.Tests.Kubernetes;
using Esddns.Tests.Support;

namespace Esddns.Tests.Notifications;

/// <summary>
/// Two operators as processes with two channels. The leader is killed while addresses change. Each address that was
/// written is told at both channels. ESDDNS_LEADER_KILLS sets the number of kills, ESDDNS_CHAOS_SEED repeats a run.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed partial class KilledLeadersTests(KubeApi api) : IAsyncLifetime
{
    private static readonly int s_kills = ManyRecords.Number("ESDDNS_LEADER_KILLS", otherwise: 3);
    private readonly Random _random = new(FailoverBench.Seed);
    private readonly (string Name, Receiver Receiver)[] _channels = new (string, Receiver)[2];
    private FailoverBench _bench = null!;
    private int _addresses;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await FailoverBench.NewAsync(api);
        foreach (var (index, name) in new[] { "first", "second" }.Index())
            _channels[index] = (name, await Receiver.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        foreach (var (_, receiver) in _channels)
            await receiver.DisposeAsync();
    }

    [Fact]
    public async Task LeadersKilledAtAnyMoment_EachWrittenAddressIsTold()
    {
        Start("a");
        Start("b");
        await _bench.IsInSyncAsync();
        // Events before the first queue are not told.
        await Eventually.IsTrueAsync(IsQueueStoredAsync);
        var (untilLeader, untilRight) = (new List<double>(), new List<double>());
        for (var i = 0; i < s_kills; i++)
        {
            var leader = await _bench.LeaderAsync();
            await NextMomentAsync(leader, i % 3);
            await _bench.KillAsync(leader);
            var killed = Stopwatch.GetTimestamp();
            // A successor that finds another address must not forget the one that its predecessor wrote.
            if (_random.Next(2) == 0)
                ChangeAddress();
            await Eventually.IsTrueAsync(async () => await _bench.LeaderAsync() != leader);
            untilLeader.Add(Stopwatch.GetElapsedTime(killed).TotalSeconds);
            Start(leader);
            await _bench.IsInSyncAsync();
            untilRight.Add(Stopwatch.GetElapsedTime(killed).TotalSeconds);
        }

        var written = Written();
        Assert.NotEmpty(written);
        Measured.Add($"notifications, {s_kills} leaders killed, lease 3 s, {written.Count} addresses written:");
        Measured.Add($"  seconds until another one led: {Measured.Distribution(untilLeader)}");
        Measured.Add($"  seconds until the record was right: {Measured.Distribution(untilRight)}");
        foreach (var (name, receiver) in _channels)
        {
            foreach (var address in written)
                await Eventually.IsTrueAsync(() => receiver.Messages.Any(m => Tells(m, address)), $"{address} is told");
            var messages = receiver.Messages;
            var distinct = messages.DistinctBy(m => (string?)m["id"]).ToArray();
            // A message has another identity only when it is another one.
            Assert.All(written, address => Assert.Single(distinct, m => Tells(m, address)));
            var repeats = messages.Count - distinct.Length;
            // A leader has at most one message of a channel on its way.
            Assert.InRange(repeats, 0, s_kills);
            var leaders = distinct.Count(m => TextOf(m).Contains("is the leader now", StringComparison.Ordinal));
            Measured.Add($"  {name}: all told, {distinct.Length} messages, {repeats} of them repeated");
            Measured.Add($"    {leaders} messages with changes of the leader");
        }
    }

    /// <summary>Changes the address, and waits for the moment of the kill.</summary>
    private async Task NextMomentAsync(string leader, int kind)
    {
        var (accepted, writes) = (new TaskCompletionSource(), _bench.Simulator.Requests.Writes.Count);
        if (kind == 2)
            _channels[_random.Next(2)].Receiver.Hang(accepted);
        ChangeAddress();
        await _bench.SyncAsync(leader);
        switch (kind)
        {
            case 0: // Any moment of the round.
                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1500)), TimeProvider.System, Cancel);
                break;
            case 1: // After the write.
                await Eventually.IsTrueAsync(() => _bench.Simulator.Requests.Writes.Count > writes);
                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(300)), TimeProvider.System, Cancel);
                break;
            default: // Between the message and its confirmation.
                await accepted.Task.WaitAsync(Cancel);
                break;
        }
    }

    private void ChangeAddress() =>
        _bench.Simulator.Wan.IPv4 = new IPAddress([
            198,
            51,
            (byte)(100 + _addresses / 250),
            (byte)(_addresses++ % 250),
        ]);

    /// <summary>
    /// The addresses that were written. The log has no status of a write whose sender has disconnected, but such a
    /// write takes effect.
    /// </summary>
    private HashSet<string> Written() =>
        [
            .. _bench
                .Simulator.Requests.Writes.Where(w => w.Status is 201 or null)
                .Select(w => Address().Match(w.Body!))
                .Where(m => m.Success)
                .Select(m => m.Value),
        ];

    private async Task<bool> IsQueueStoredAsync()
    {
        try
        {
            await _bench.Namespace.Client.GetAsync(
                Resources.ConfigMaps,
                _bench.Namespace.Name,
                KubernetesOptions.NotificationsName,
                Cancel
            );
            return true;
        }
        catch (ApiException e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            return false;
        }
    }

    private void Start(string pod) =>
        _bench.Start(
            pod,
            [
                "Esddns__Kubernetes__LeaseDuration=3",
                "Esddns__Kubernetes__RenewDeadline=1.5",
                "Esddns__Notifications__BurstWindow=0",
                .. _channels.Index().SelectMany(Settings),
            ]
        );

    private static IEnumerable<string> Settings((int Index, (string Name, Receiver Receiver) Channel) item)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"Esddns__Notifications__Channels__{item.Index}__");
        yield return $"{prefix}Name={item.Channel.Name}";
        yield return $"{prefix}Type=Webhook";
        yield return $"{prefix}Url={item.Channel.Receiver.Url}";
        yield return $"{prefix}Events=AddressChanged,RecordCorrected,LeaderChanged";
    }

    private static bool Tells(JsonObject message, string address) =>
        TextOf(message)
            .Replace('(', '\n')
            .Split('\n')
            .Any(line => line.TrimEnd().EndsWith($"Updated home.example.com A to {address}", StringComparison.Ordinal));

    private static string TextOf(JsonObject message) => $"{message["title"]}\n{message["text"]}";

    [GeneratedRegex(@"198\.51\.[0-9]+\.[0-9]+")]
    private static partial Regex Address();
}
