using System.Diagnostics.Metrics;
using Esddns.Operator.Dns;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.State;

/// <summary>
/// Reads the gauges from the newest snapshot, so no gauge keeps an outdated value. Only the leader exports series of
/// records; otherwise a cluster would have records times nodes series.
/// </summary>
internal sealed class SnapshotReadings(StateStore state, IStatePersistence persistence, ILeadership leadership)
    : IGaugeReadings
{
    /// <summary>The maximum number of records that have series which say that all is well.</summary>
    public const int MaxUnremarkable = 1000;

    /// <summary>With more records, the maximum number of records in a metric of faults.</summary>
    public const int MaxRemarkable = 250;

    private RecordStates Records => leadership.IsLeader ? state.Current.Records : State.RecordStates.Empty;

    /// <summary>
    /// Measures the current address as 1 and the previous one as 0. With two readers, a series that one reader
    /// collected stays until the other reader collects. Without the 0, the previous address would still look current
    /// for one scrape.
    /// </summary>
    public IEnumerable<Measurement<int>> WanAddresses() =>
        from wan in state.Current.Wan
        from address in new[] { (Ip: wan.Previous, Value: 0), (Ip: wan.Address, Value: 1) }
        where address.Ip is not null
        select new Measurement<int>(
            address.Value,
            new KeyValuePair<string, object?>("ip_address", address.Ip.ToString())
        );

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> InSync() => ByDomain(records => records.All(r => r.InSync) ? 1 : 0);

    /// <inheritdoc/>
    public IEnumerable<Measurement<int>> StatusCounts()
    {
        var records = Records;
        if (records.Count == 0)
            return [];
        var counts = records.CountBy(r => r.State).ToDictionary();
        return Enum.GetValues<SyncStatus>()
            .Select(s => new Measurement<int>(
                counts.GetValueOrDefault(s),
                new KeyValuePair<string, object?>("state", s.ToString())
            ));
    }

    /// <inheritdoc/>
    public IEnumerable<Measurement<int>> RecordStates() =>
        Limited(
            from record in Records
            let status = record.State
            where status != SyncStatus.UpToDate || HasFew
            select new Measurement<int>(1, [.. Labels(record), new("state", status.ToString())])
        );

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> ForeignValues() =>
        ByRecord(r => r.Foreign is { IsEmpty: false } foreign ? foreign.Length : Unremarkable(0));

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> Propagated() =>
        ByRecord(r =>
            r.Propagation switch
            {
                null => null,
                _ when IsPropagated(r) => Unremarkable(1),
                _ => 0,
            }
        );

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> LastWritten() =>
        ByDomain(records => records.Max(r => r.LastWritten?.ToUnixTimeMilliseconds() / 1000.0));

    /// <inheritdoc/>
    public IEnumerable<Measurement<int>> CarrierNat() =>
        state.Current.Wan.Select(w => new Measurement<int>(
            w.IsBehindCarrierNat ? 1 : 0,
            new KeyValuePair<string, object?>("family", w.Family.ToString())
        ));

    /// <inheritdoc/>
    public int Leader() => leadership.IsLeader ? 1 : 0;

    /// <inheritdoc/>
    public IEnumerable<Measurement<int>> Health()
    {
        var snapshot = state.Current;
        return
        [
            Component("discovery", !snapshot.Wan.IsEmpty && snapshot.Wan.All(w => w.IsKnown)),
            Component(
                "dns_provider",
                snapshot.Records.All(r => r.State is not (SyncStatus.Failed or SyncStatus.Unknown))
            ),
            Component("state", persistence.Problem is null),
        ];
    }

    /// <summary>Whether there are so few records that each has series that say that all is well.</summary>
    private bool HasFew => Records.Count <= MaxUnremarkable;

    private double? Unremarkable(double value) => HasFew ? value : null;

    private IEnumerable<Measurement<double>> ByDomain(Func<IReadOnlyCollection<RecordState>, double?> value) =>
        from name in Records.GroupBy(r => r.Fqdn.ToString())
        let measured = value([.. name])
        where measured is not null
        select new Measurement<double>(measured.Value, new KeyValuePair<string, object?>("domain", name.Key));

    private static bool IsPropagated(RecordState record) =>
        record.Propagation is { IsDone: true } seen && seen.Expected.Equals(record.Current);

    private IEnumerable<Measurement<double>> ByRecord(Func<RecordState, double?> value) =>
        Limited(
            from record in Records
            let measured = value(record)
            where measured is not null
            select new Measurement<double>(measured.Value, Labels(record))
        );

    private IEnumerable<T> Limited<T>(IEnumerable<T> measured) => HasFew ? measured : measured.Take(MaxRemarkable);

    private static KeyValuePair<string, object?>[] Labels(RecordState record) =>
        [new("domain", record.Fqdn.ToString()), new("record_type", record.Type.ToString())];

    private static Measurement<int> Component(string name, bool works) =>
        new(works ? 1 : 0, new KeyValuePair<string, object?>("component", name));
}
