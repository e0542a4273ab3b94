using System.Net;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Benchmarks;

/// <summary>The state of many records: changes, JSON, and the document of /status.</summary>
public class StateBenchmarks
{
    private static readonly AddressSet s_address = AddressSet.Of(IPAddress.Parse("198.51.100.7"));
    private Snapshot _snapshot = Snapshot.Empty;
    private byte[] _json = [];

    /// <summary>The number of records.</summary>
    [Params(100, 10000)]
    public int Records { get; set; }

    /// <summary>Creates the state.</summary>
    [GlobalSetup]
    public void Create()
    {
        _snapshot = Snapshot.Empty with { Records = RecordStates.Of(Enumerable.Range(0, Records).Select(Record)) };
        _json = Write();
        if (SnapshotJson.Read(_json, out var mistake) is null)
            throw new InvalidOperationException(mistake);
    }

    /// <summary>Changes every record once, as a round does.</summary>
    [Benchmark(Description = "change every record")]
    public object Change()
    {
        var records = _snapshot.Records;
        foreach (var record in _snapshot.Records)
            records = records.With(record.Id, r => r with { Outcome = RecordOutcome.Updated });
        return records;
    }

    /// <summary>Writes the state as it is stored in the cluster.</summary>
    [Benchmark(Description = "write the state as JSON")]
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(_snapshot, SnapshotJson.Compact.Snapshot);

    /// <summary>Reads a stored state.</summary>
    [Benchmark(Description = "read the state from JSON")]
    public object? Read() => SnapshotJson.Read(_json, out _);

    private static RecordState Record(int number)
    {
        var name = $"r{number}";
        var fqdn = Fqdn.Parse($"{name}.example.com");
        return new RecordState(fqdn, RecordType.A)
        {
            Key = new RecordKey(DomainName.Parse("example.com"), OwnerName.Parse(name), RecordType.A),
            WantedBy = "the configuration",
            Ttl = 300,
            Desired = s_address,
            Current = s_address,
            Ours = s_address,
            Outcome = RecordOutcome.Noop,
            LastAttempt = DateTimeOffset.UnixEpoch,
            LastVerified = DateTimeOffset.UnixEpoch,
            LastWritten = DateTimeOffset.UnixEpoch,
        };
    }
}
