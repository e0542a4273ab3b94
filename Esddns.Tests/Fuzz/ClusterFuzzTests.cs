using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Kubernetes.Status;
using Esddns.Operator.State;

namespace Esddns.Tests.Fuzz;

/// <summary>
/// Mutated input from a cluster, and mutated state from the cluster or the disk. The client reads the lines of
/// a watch; an invalid line leads to a new list. No accepted object may fail a round.
/// </summary>
public sealed class ClusterFuzzTests
{
    private static readonly AddressRules s_addressRules = new(_ => null);
    private static readonly ServiceAddresses s_addresses = new(s_addressRules, TimeProvider.System);
    private readonly ServiceRecords _services = new(s_addresses, TtlRange.Any);
    private readonly DynamicRecordReader _rules = new(
        new SpecRules(TtlRange.Any, new SingleProvider(null!)),
        new AddressSources(null!, null!, s_addresses, s_addressRules)
    );
    private int _understood;

    [Fact]
    public void WatchLines_AnyInput_NeverThrows()
    {
        Mutator.Run(
            "watch",
            input =>
            {
                Check(input, ObjectJson.Default.DynamicRecord, Check);
                Check(input, ObjectJson.Default.Node, Check);
                Check(input, ObjectJson.Default.Service, Check);
                Check(input, ObjectJson.Default.Lease, Check);
                Check(input, ObjectJson.Default.ConfigMap, Check);
            },
            inputs: 20_000
        );
        Assert.True(_understood > 8, "no mutant was accepted: the mutations change too much");
    }

    [Fact]
    public void StoredState_AnyInput_NeverThrows()
    {
        var read = 0;
        Mutator.Run(
            "state",
            input =>
            {
                if (SnapshotJson.Read(input, out var mistake) is not { } snapshot)
                {
                    Assert.NotEmpty(mistake!);
                    return;
                }

                read++;
                // Repeats the first steps of a round, and writes the result again.
                Assert.Equal(snapshot.Records.Count, snapshot.Records.ToDictionary(r => r.Id).Count);
                Assert.All(snapshot.History, c => Assert.NotNull(c.To.ToString()));
                Assert.NotNull(
                    SnapshotJson.Read(
                        JsonSerializer.SerializeToUtf8Bytes(
                            snapshot with
                            {
                                By = $"{snapshot.InSync}",
                            },
                            SnapshotJson.Compact.Snapshot
                        ),
                        out _
                    )
                );
            },
            inputs: 50_000
        );
        Assert.True(read > 4);
    }

    private void Check<T>(byte[] line, JsonTypeInfo<T> item, Action<T> check)
        where T : KubernetesObject
    {
        WatchEvent<T> change;
        try
        {
            change = WatchEvent<T>.Read(line, item);
        }
        catch (Exception e) when (e is JsonException or ApiException)
        {
            return;
        }

        // The API server never returns an object without these fields.
        if (change.Object.Metadata is not { Name: not null, Uid: not null })
            return;
        _understood++;
        check(change.Object);
    }

    private void Check(DynamicRecord record)
    {
        if (record.Spec is null)
            return;
        // The other address sources need the informers of a leader; validation comes first.
        if (record.Spec.AddressFrom is { Wan: null })
            record.Spec.Suspend = true;
        if (record.Spec.AddressFrom?.Wan is { } wan)
            (wan.Policy, wan.NodeSelector) = (wan.Policy == "All" ? null : wan.Policy, null);
        var (wanted, mistake) = _rules.ReadAsync(record, CancellationToken.None).GetAwaiter().GetResult();
        Assert.True(wanted is { Count: > 0 } || mistake is { Length: > 0 });
        var request = wanted is null
            ? new RecordRequest(record, [], "Invalid", mistake)
            : new RecordRequest(record, wanted);
        var status = DynamicRecordConditions.Of(record, request, Snapshot.Empty, null, default);
        Assert.Equal(5, status.Conditions!.Count);
        Cleanup.IsDue(record);
    }

    private void Check(Node node)
    {
        NodeAddresses.Fingerprint(node);
        foreach (
            var selector in new LabelSelector?[]
            {
                null,
                new() { MatchLabels = new Dictionary<string, string> { ["role"] = "edge" } },
            }
        )
            Assert.NotNull(
                NodeAddresses.Of([node], new NodesOrigin { Selector = selector }, RecordType.A, s_addressRules)
            );
    }

    private void Check(Service service)
    {
        ServiceAddresses.Fingerprint(service);
        // The test must not resolve mutated names.
        foreach (var ingress in service.Status?.LoadBalancer?.Ingress ?? [])
            ingress?.Hostname = null;
        var (records, mistake) = _services.OfAsync(service, CancellationToken.None).GetAwaiter().GetResult();
        Assert.True(mistake is null || records.Count == 0);
    }

    private void Check(Lease lease)
    {
        NodeReportReader.Fingerprint(lease);
        Assert.All(NodeReportReader.ReadObservations(lease), p => Assert.NotNull(p.Address));
    }

    private void Check(ConfigMap map)
    {
        ConfigMapRecord.Read(map, TtlRange.Any);
        StateContent.Read(map);
    }
}
