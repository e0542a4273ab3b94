using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Simulator.LiveDns;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.Chaos;

/// <summary>
/// One random schedule of faults, determined by its seed (except for the order of socket events). It runs the operator
/// on fake time against the simulator. Addresses flap, the clock jumps, the operator crashes, and the disk rejects
/// writes.
/// </summary>
internal sealed class ChaosSchedule(int seed, SimulatorHost simulator, string folder) : IDisposable
{
    private const string Foreign = "192.0.2.99";
    private const int MaxYields = 8;
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    /// <summary>The time to convergence: the sync interval, during which a fault can persist, and one minute.</summary>
    private static readonly TimeSpan s_convergenceLimit = TimeSpan.FromSeconds(120);

    private readonly Random _random = new(seed);
    private readonly JumpingTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CountingLogs _logs = new();
    private readonly HashSet<string> _validAddresses = [];
    private readonly List<string> _events = [];
    private bool _foreign;
    private bool _diskRefused;
    private bool _hasLagged;
    private (ImmutableArray<SimRRset> Zone, bool IsForeign)? _copy;
    private OperatorRun _run = null!;

    private string StateFile => Path.Combine(folder, $"{seed}.json");

    /// <summary>Runs the schedule. Returns the failure; null on success.</summary>
    public async Task<string?> RunAsync()
    {
        simulator.Faults.Clear();
        simulator.LiveDns.Reset();
        simulator.Requests.Clear();
        ChangeAddress();
        await StartAsync();
        try
        {
            if (!await ConvergesAsync())
                return Failure("did not converge before the first fault");
            for (var i = _random.Next(4, 10); i > 0; i--)
            {
                await RunRandomEventAsync();
                await AdvanceAsync(TimeSpan.FromSeconds(_random.Next(1, 15)));
            }

            _events.Add("no more faults");
            simulator.Faults.Clear();
            if (Directory.Exists(StateFile + ".next"))
                Directory.Delete(StateFile + ".next", true);
            if (!await ConvergesAsync())
                return Failure("did not converge within two minutes after the last fault");
            return Violation() is { } violation ? Failure(violation) : null;
        }
        finally
        {
            await _run.DisposeAsync();
        }
    }

    public void Dispose() => _logs.Dispose();

    private async Task RunRandomEventAsync()
    {
        var wrong = ChaosFaults.NextWrongAnswer(_random);
        var kind = _random.Next(16);
        switch (kind)
        {
            case 0 or 1 or 2:
                ChangeAddress();
                break;
            case 10:
                _events.Add("the clock jumps");
                _time.Jump(TimeSpan.FromMinutes(_random.Next(-600, 600)));
                break;
            case 11:
                await RefuseDiskAsync();
                break;
            case 14:
                RestoreZone();
                break;
            case 15:
                await CrashAsync();
                break;
            default:
                var fault = ChaosFaults.Next(_random, kind, wrong);
                _hasLagged |= fault.Kind == FaultEffect.StaleRead;
                Add(fault);
                break;
        }

        if (_random.Next(4) == 0)
            simulator.Faults.Clear();
    }

    /// <summary>
    /// The owner restores a copy of the zone. The values that were foreign at that time are foreign again.
    /// </summary>
    private void RestoreZone()
    {
        if (_copy is { } copy)
        {
            _events.Add($"the zone is restored: {copy.IsForeign}");
            simulator.LiveDns.Restore("example.com", copy.Zone);
            _foreign = copy.IsForeign;
        }

        _copy = (simulator.LiveDns.Snapshot("example.com"), _foreign);
    }

    /// <summary>
    /// Puts a folder at the path of the next state file. The operator may be writing that file at this moment.
    /// </summary>
    private async Task RefuseDiskAsync()
    {
        _events.Add("the disk rejects writes");
        _diskRefused = true;
        while (!Directory.Exists(StateFile + ".next/full"))
        {
            try
            {
                Directory.CreateDirectory(StateFile + ".next/full");
            }
            catch (IOException)
            {
                await AdvanceAsync(s_step);
            }
        }
    }

    private async Task CrashAsync()
    {
        _events.Add("crash");
        await _run.CrashAsync();
        if (_random.Next(2) == 0)
        {
            _events.Add("a foreign value is added");
            _foreign = true;
            var values = simulator.LiveDns.Values("example.com", "home", "A") ?? [];
            simulator.LiveDns.Set("example.com", "home", "A", 300, [.. values.Append(Foreign).Distinct()]);
        }

        await StartAsync();
    }

    private async Task StartAsync()
    {
        _run = await OperatorRun.StartAsync(
            simulator,
            s =>
            {
                s["Esddns:State:File"] = StateFile;
                s["Esddns:SyncInterval"] = "60";
                s["Esddns:Propagation:Interval"] = "20";
                s["Esddns:LiveDns:Timeout"] = "10";
                s["Esddns:Discovery:Timeout"] = "2";
                s["Esddns:Agreement:HoldDown"] = "2";
            },
            services =>
                services.AddLogging(l => l.ClearProviders().AddProvider(_logs)).AddSingleton<TimeProvider>(_time)
        );
    }

    private void ChangeAddress()
    {
        simulator.Wan.IPv4 = IPAddress.Parse($"203.0.113.{_random.Next(1, 255)}");
        _validAddresses.Add(simulator.Wan.IPv4.ToString());
        _events.Add($"the address becomes {simulator.Wan.IPv4}");
    }

    private void Add(Fault fault)
    {
        _events.Add(fault.ToString());
        simulator.Faults.Add(fault);
    }

    private async Task<bool> ConvergesAsync()
    {
        for (var left = s_convergenceLimit; left > TimeSpan.Zero; left -= s_step)
        {
            if (_run.Snapshot.InSync && Home().Contains(simulator.Wan.IPv4!.ToString()))
                return true;
            // Without state, the operator cannot attribute values beside a foreign one. It does not change them, and
            // reports them.
            if (_diskRefused && _foreign && _run.Snapshot.Records is [{ State: SyncStatus.LeftAlone }])
                return true;
            await AdvanceAsync(s_step);
        }

        return false;
    }

    /// <summary>
    /// Advances the time only after all pending work is done, so the speed of the machine does not matter.
    /// </summary>
    private async Task AdvanceAsync(TimeSpan simulated)
    {
        for (; simulated > TimeSpan.Zero; simulated -= s_step)
        {
            _time.Advance(s_step);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            // Waits until no work item is queued. The wait has a limit, because other schedules run in parallel and
            // always queue work.
            for (var i = 0; i < MaxYields && ThreadPool.PendingWorkItemCount > 0; i++)
                await Task.Yield();
        }
    }

    private string? Violation()
    {
        var home = Home();
        // A write without compare-and-set cannot keep a value that a lagging server does not return (docs/safety.md).
        if (_foreign && !_hasLagged && !home.Contains(Foreign))
            return "a foreign value was lost";
        if (_run.Snapshot.InSync && home.Any(v => v != simulator.Wan.IPv4!.ToString() && v != Foreign))
            return $"an old value was not removed: {string.Join(", ", home)}";
        var valid = new HashSet<string>(_validAddresses) { Foreign };
        if (ChaosWrites.WrongWrite(simulator.Requests.Writes, valid) is { } wrongWrite)
            return wrongWrite;
        if (
            _run
                .Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>()
                .OfType<ControlLoop>()
                .Single()
                .ExecuteTask is
            { IsCompleted: true }
        )
            return "the loop has ended";
        return _logs.Lines.FirstOrDefault(l => l.Contains("simulator-token", StringComparison.Ordinal)) is { } leak
            ? $"the token leaked: {leak}"
            : null;
    }

    private string[] Home() => simulator.LiveDns.Values("example.com", "home", "A") ?? [];

    private string Failure(string what) =>
        $"seed {seed}: {what}\n  {string.Join("\n  ", _events)}\n  record: {string.Join(", ", Home())}; "
        + $"{_run.Snapshot.Wan.FirstOrDefault()}; {_run.Snapshot.Records.FirstOrDefault()}";
}
