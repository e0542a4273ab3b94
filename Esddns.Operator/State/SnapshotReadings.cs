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
        ByFamily(wan => wan.Address is null ? null : 1, wan => Label("ip_address", wan.Address!.ToString()));

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> WanKnown() =>
        leadership.IsLeader ? ByFamily(wan => wan.IsKnown ? 1 : 0) : [];

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> WanSince() => ByFamily(wan => Seconds(wan.Since));

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> Votes()
    {
        var measured = new List<Measurement<double>>();
        foreach (var vote in s_votes)
            measured.AddRange(ByFamily(w => w.Votes.Count(v => VoteOf(v, w) == vote), _ => Label("vote", vote)));
        return measured;
    }

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> CarrierNat() => ByFamily(wan => wan.IsBehindCarrierNat ? 1 : 0);

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> InSync() => ByDomain(records => records.All(r => r.InSync) ? 1 : 0);

    /// <inheritdoc/>
    public IEnumerable<Measurement<double>> StatusCounts()
    {
        var measured = new List<Measurement<double>>();
        var records = Records;
        if (records.Count > 0)
            foreach (var status in Enum.GetValues<SyncStatus>())
                measured.Add(new(records.Count(r => r.State == status), Label("state", status.ToString())));
        return measured;
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

    // Loops, because each type of a query adds native code.
    private List<Measurement<double>> ByFamily(
        Func<WanState, double?> value,
        Func<WanState, KeyValuePair<string, object?>>? label = null
    )
    {
        var measured = new List<Measurement<double>>();
        foreach (var wan in state.Current.Wan)
        {
            var family = Label("family", wan.Family.ToString());
            if (value(wan) is { } number)
                measured.Add(label is null ? new(number, family) : new(number, family, label(wan)));
        }

        return measured;
    }

    private List<Measurement<double>> ByDomain(Func<IReadOnlyCollection<RecordState>, double?> value)
    {
        var measured = new List<Measurement<double>>();
        foreach (var name in Records.GroupBy(r => r.Fqdn.ToString()))
            if (value([.. name]) is { } number)
                measured.Add(new(number, Label("domain", name.Key)));
        return measured;
    }

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

    private List<Measurement<double>> ByRecord(
        Func<RecordState, double?> value,
        Func<RecordState, KeyValuePair<string, object?>>? label = null
    )
    {
        var measured = new List<Measurement<double>>();
        var max = HasFew ? MaxUnremarkable : MaxRemarkable;
        foreach (var record in Records)
        {
            if (measured.Count == max)
                break;
            if (value(record) is not { } number)
                continue;
            var domain = Label("domain", record.Fqdn.ToString());
            var type = Label("record_type", record.Type.ToString());
            measured.Add(label is null ? new(number, domain, type) : new(number, domain, type, label(record)));
        }

        return measured;
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private static Measurement<double> Component(string name, bool works) =>
        new(works ? 1 : 0, Label("component", name));
}
