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

    private static readonly string[] s_votes = ["agree", "dissent", "none"];

    private RecordStates Records => leadership.IsLeader ? state.Current.Records : State.RecordStates.Empty;

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> WanAddresses() =>
        from wan in state.Current.Wan
        where wan.Address is not null
        select Of(wan, 1, Label("ip_address", wan.Address!.ToString()));

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> WanKnown() =>
        leadership.IsLeader ? ByFamily(wan => wan.IsKnown ? 1 : 0) : [];

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> WanSince() => ByFamily(wan => Seconds(wan.Since));

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> Votes() =>
        from wan in state.Current.Wan
        from vote in s_votes
        select Of(wan, wan.Votes.Count(v => VoteOf(v, wan) == vote), Label("vote", vote));

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> CarrierNat() => ByFamily(wan => wan.IsBehindCarrierNat ? 1 : 0);

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> InSync() => ByDomain(records => records.All(r => r.InSync) ? 1 : 0);

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> StatusCounts()
    {
        var records = Records;
        if (records.Count == 0)
            return [];
        var counts = records.CountBy(r => r.State).ToDictionary();
        return Enum.GetValues<SyncStatus>()
            .Select(s => new Measurement<double>(counts.GetValueOrDefault(s), Label("state", s.ToString())));
    }

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> RecordStates() =>
        ByRecord(r => r.State == SyncStatus.UpToDate ? Unremarkable(1) : 1, r => Label("state", r.State.ToString()));

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> RecordErrors() =>
        ByRecord(
            r => r is { Outcome: RecordOutcome.Failed, LastError: not null } ? 1 : null,
            r => Label("error_type", r.LastError!.Type)
        );

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> ForeignValues() =>
        ByRecord(r => r.Foreign is { IsEmpty: false } foreign ? foreign.Length : Unremarkable(0));

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> ForeignEdits() => ByRecord(r => Seconds(r.LastDrift?.At));

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
    public IEnumerable<Measurement<double>> NameServersAsked() => OfServers(p => p.Asked);

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> NameServersCorrect() => OfServers(p => p.Asked - p.Others.Length);

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> LastWritten() =>
        ByDomain(records => records.Max(r => Seconds(r.LastWritten)));

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> OldestVerified() =>
        Records.Where(r => r.State == SyncStatus.UpToDate).Min(r => Seconds(r.LastVerified)) is { } oldest
            ? [new Measurement<double>(oldest)]
            : [];

    /// <inheritdoc/>
    public double Leader() => leadership.IsLeader ? 1 : 0;

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> Term() =>
        leadership.Term is { } term ? [new Measurement<double>(term)] : [];

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> Health()
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

    private static double? Seconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() / 1000.0;

    private static string VoteOf(Agreement.Vote vote, WanState wan) =>
        (vote.Counted, Equals(vote.Address, wan.Address)) switch
        {
            (false, _) => "none",
            (_, true) => "agree",
            _ => "dissent",
        };

    private IEnumerable<Measurement<double>> ByFamily(Func<WanState, double?> value) =>
        from wan in state.Current.Wan
        let measured = value(wan)
        where measured is not null
        select Of(wan, measured.Value);

    private static Measurement<double> Of(
        WanState wan,
        double value,
        params ReadOnlySpan<KeyValuePair<string, object?>> more
    ) => new(value, [Label("family", wan.Family.ToString()), .. more]);

    private IEnumerable<Measurement<double>> ByDomain(Func<IReadOnlyCollection<RecordState>, double?> value) =>
        from name in Records.GroupBy(r => r.Fqdn.ToString())
        let measured = value([.. name])
        where measured is not null
        select new Measurement<double>(measured.Value, Label("domain", name.Key));

    private static bool IsPropagated(RecordState record) =>
        record.Propagation is { IsDone: true } seen && seen.Expected.Equals(record.Current);

    /// <summary>A number of name servers, for records that they were asked for since the last write.</summary>
    private IEnumerable<Measurement<double>> OfServers(Func<Propagation, double> value) =>
        ByRecord(r =>
            r.Propagation is { Asked: > 0 } seen && seen.Expected.Equals(r.Current)
                ? seen.IsDone
                    ? Unremarkable(value(seen))
                    : value(seen)
                : null
        );

    private IEnumerable<Measurement<double>> ByRecord(
        Func<RecordState, double?> value,
        Func<RecordState, KeyValuePair<string, object?>>? label = null
    )
    {
        var measured =
            from record in Records
            let number = value(record)
            where number is not null
            select new Measurement<double>(
                number.Value,
                label is null ? Labels(record) : [.. Labels(record), label(record)]
            );
        return HasFew ? measured : measured.Take(MaxRemarkable);
    }

    private static KeyValuePair<string, object?>[] Labels(RecordState record) =>
        [Label("domain", record.Fqdn.ToString()), Label("record_type", record.Type.ToString())];

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private static Measurement<double> Component(string name, bool works) =>
        new(works ? 1 : 0, Label("component", name));
}
