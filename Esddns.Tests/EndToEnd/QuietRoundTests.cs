using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Simulator.LiveDns;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>The work of a round that changes nothing does not grow with records times zones.</summary>
public sealed class QuietRoundTests : RoundScenario
{
    private const int Zones = 10;

    [Theory]
    [InlineData("Timer", false)]
    [InlineData("Network", false)]
    [InlineData("Request", true)]
    public async Task State_IsSavedOnce_OnlyForAPerson(string trigger, bool isSaved)
    {
        var reason = Enum.Parse<ReconcileReason>(trigger);
        var folder = Directory.CreateTempSubdirectory("esddns-");
        var file = Path.Combine(folder.FullName, "state.json");
        await using (
            var run = OperatorRun.Build(
                _simulator,
                settings =>
                {
                    settings["Esddns:State:File"] = file;
                    for (var i = 0; i < Zones; i++)
                        (settings[$"Esddns:Records:{i}:Zone"], settings[$"Esddns:Records:{i}:Name"]) = (Add(i), "home");
                },
                services =>
                    services
                        .AddSingleton<StateFile>()
                        .AddSingleton<IStatePersistence>(s => new Counter(s.GetRequiredService<StateFile>()))
            )
        )
        {
            Assert.True((await run.RoundAsync()).InSync);
            var counter = (Counter)run.Services.GetRequiredService<IStatePersistence>();
            // From Updated to Noop.
            await run.RoundAsync();
            var before = counter.Saves;
            for (var i = 0; i < 3; i++)
                await run.RoundAsync(reason);
            Assert.Equal(isSaved ? 3 : 0, counter.Saves - before);
        }

        folder.Delete(recursive: true);
    }

    private string Add(int i)
    {
        var zone = $"zone{i}.example";
        _simulator.LiveDns.Main.Zones.Add(SimZone.New(zone));
        return zone;
    }

    private sealed class Counter(StateFile file) : IStatePersistence
    {
        public int Saves { get; private set; }

        public string? Problem => file.Problem;

        public Snapshot Load() => file.Load();

        public bool IsPersisted(Snapshot snapshot) => file.IsPersisted(snapshot);

        public Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken)
        {
            Saves++;
            return file.SaveAsync(snapshot, cancellationToken);
        }
    }
}
