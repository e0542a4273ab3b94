using System.Diagnostics.Metrics;

namespace Esddns.Operator.Telemetry;

/// <summary>
/// The counters and histograms of the operator; <see cref="OperatorGauges"/> has the gauges. The names are those of the
/// old system and its dashboards. The Prometheus exporter appends <c>_seconds</c> and <c>_total</c>, depending on unit
/// and kind.
/// </summary>
internal sealed class OperatorMetrics : IDisposable
{
    /// <summary>
    /// The maximum numbers of series of the metrics with a series for each record. The SDK merges all further ones.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, int> MaxSeries = new Dictionary<string, int>
    {
        ["esddns_dns_updates"] = 1000,
        ["esddns_dns_update_failures"] = 500,
        // Each bound is a series.
        [UpdateDuration] = 50,
    };

    private const string UpdateDuration = "esddns_dns_update_duration";

    private readonly Meter _meter;
    private readonly Counter<long> _updates;
    private readonly Counter<long> _updateFailures;
    private readonly Histogram<double> _updateDuration;
    private readonly Counter<long> _wanChanges;
    private readonly Counter<long> _wanFlaps;
    private readonly Counter<long> _observations;
    private readonly Histogram<double> _observationDuration;
    private readonly Histogram<double> _roundDuration;
    private readonly Counter<long> _providerRequests;
    private readonly Histogram<double> _convergence;
    private readonly Counter<long> _cleanupsGivenUp;

    public OperatorMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(OperatorTracing.Name);
        _updates = _meter.CreateCounter<long>(
            "esddns_dns_updates",
            description: "DNS records written, and confirmed by the provider."
        );
        _updateFailures = _meter.CreateCounter<long>(
            "esddns_dns_update_failures",
            description: "Attempts at a DNS record that failed, reads included."
        );
        _updateDuration = Duration(UpdateDuration, "Time that a write of a DNS record took.", 0.25, 1, 5, 30);
        _wanChanges = _meter.CreateCounter<long>(
            "esddns_wan_ip_changes",
            description: "Changes of the agreed WAN address."
        );
        _wanFlaps = _meter.CreateCounter<long>(
            "esddns_wan_flaps",
            description: "New addresses that changed again within the hold-down, and were not used."
        );
        _observations = _meter.CreateCounter<long>(
            "esddns_observations",
            description: "Answers of address sources, by outcome."
        );
        _observationDuration = Duration(
            "esddns_observation_duration",
            "Time that an address source took to report an address.",
            0.05,
            0.25,
            1,
            5
        );
        _roundDuration = Duration("esddns_round_duration", "Time that a round took, by trigger.", 0.5, 2, 5, 30);
        _providerRequests = _meter.CreateCounter<long>(
            "esddns_provider_requests",
            description: "Requests to the DNS provider, by HTTP status, DNS response code or 'none'."
        );
        _convergence = Duration(
            "esddns_convergence_duration",
            "Time from the first differing observation to the confirmed write.",
            0.5,
            1,
            2,
            5,
            10,
            15,
            30,
            60,
            300,
            900
        );
        _cleanupsGivenUp = _meter.CreateCounter<long>(
            "esddns_cleanups_given_up",
            description: "Deleted objects of the cluster whose DNS records could not be removed in time, and stay."
        );
    }

    public void Updated(string domain, string recordType, TimeSpan took)
    {
        _updates.Add(1, new("domain", domain), new("record_type", recordType));
        _updateDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("domain", domain));
    }

    public void UpdateFailed(string domain, string recordType, string errorType) =>
        _updateFailures.Add(1, new("domain", domain), new("record_type", recordType), new("error_type", errorType));

    /// <summary>
    /// Counts an agreement. Without a change it adds 0: a counter that starts at 1 hides the first change.
    /// </summary>
    public void WanAgreed(bool isChange)
    {
        _wanChanges.Add(isChange ? 1 : 0);
        _wanFlaps.Add(0);
    }

    public void WanFlapped() => _wanFlaps.Add(1);

    /// <param name="source">The name of the source.</param>
    /// <param name="seconds">How long it took to report an address; null when it reported none.</param>
    public void Observed(string source, double? seconds)
    {
        _observations.Add(1, new("source", source), new("outcome", seconds is null ? "unavailable" : "seen"));
        if (seconds is { } took)
            _observationDuration.Record(took, new KeyValuePair<string, object?>("source", source));
    }

    public void RoundEnded(string reason, bool isSuccess, TimeSpan took) =>
        _roundDuration.Record(took.TotalSeconds, new("reason", reason), new("result", isSuccess ? "ended" : "failed"));

    public void ProviderRequest(string operation, int? status) =>
        ProviderRequest(operation, status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none");

    public void ProviderRequest(string operation, string status) =>
        _providerRequests.Add(1, new("operation", operation), new("status", status));

    public void Converged(TimeSpan took) => _convergence.Record(took.TotalSeconds);

    public void CleanupGivenUp() => _cleanupsGivenUp.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private Histogram<double> Duration(string name, string description, params double[] bounds) =>
        _meter.CreateHistogram(
            name,
            "s",
            description,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds }
        );
}
