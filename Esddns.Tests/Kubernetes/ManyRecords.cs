using System.Globalization;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Simulator;
using Esddns.Simulator.LiveDns;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>Many objects in twenty zones.</summary>
internal static class ManyRecords
{
    private const int Zones = 20;

    /// <summary>The number of objects, from an environment variable.</summary>
    public static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;

    /// <summary>Adds the zones to the main account.</summary>
    public static void AddZones(SimulatorHost simulator)
    {
        lock (simulator.LiveDns.Gate)
            for (var zone = 0; zone < Zones; zone++)
                simulator.LiveDns.Main.Zones.Add(SimZone.New($"zone{zone}.example"));
    }

    /// <summary>Creates the objects.</summary>
    public static Task CreateAsync(KubeNamespace space, int number, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, number),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (i, cancel) =>
                await space.Client.CreateAsync(
                    Resources.DynamicRecords,
                    new DynamicRecord
                    {
                        Metadata = new ObjectMeta { Name = $"record-{i}", Namespace = space.Name },
                        Spec = new DynamicRecordSpec
                        {
                            Zone = $"zone{i % Zones}.example",
                            Name = $"host-{i}",
                            AddressFrom = new AddressOrigin { Wan = new WanOrigin() },
                        },
                    },
                    cancel
                )
        );

    /// <summary>The number of records that hold exactly this value.</summary>
    public static int With(SimulatorHost simulator, int number, string value) =>
        Enumerable
            .Range(0, number)
            .Count(i =>
                simulator.LiveDns.Values($"zone{i % Zones}.example", $"host-{i}", "A") is [var only] && only == value
            );
}
