using System.Net;
using BenchmarkDotNet.Attributes;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Planning;

namespace Esddns.Benchmarks;

/// <summary>The pure decisions of a round: agreement on an address, and the plan for a record.</summary>
public class DecisionBenchmarks
{
    private static readonly IPAddress s_now = IPAddress.Parse("198.51.100.7");
    private static readonly IPAddress s_before = IPAddress.Parse("198.51.100.4");
    private readonly AgreementOptions _options = new() { AllowedRanges = new HashSet<string> { "documentation" } };

    private readonly Observation[] _observations =
    [
        Seen("stun://a.example.net:3478", EvidenceClass.Stun),
        Seen("stun://b.example.org:3478", EvidenceClass.Stun),
        Seen("https://c.example.com", EvidenceClass.Https),
        Seen("https://d.example.dev", EvidenceClass.Https),
        Seen("dns://192.0.2.53", EvidenceClass.Dns),
        new Observation.Unavailable(SourceId.Of(new Uri("https://e.example.co.uk"), EvidenceClass.Https), "timeout"),
    ];

    private readonly LastAgreement _last = new(s_before, ["example.net", "example.com"]);
    private readonly DesiredRecord _record = new(
        Fqdn.Parse("home.example.com"),
        DomainName.Parse("example.com"),
        OwnerName.Parse("home"),
        RecordType.A,
        300,
        RecordPolicy.Merge
    );

    private RecordKey Key => new(_record.Zone!, _record.Name!, _record.Type);

    /// <summary>Decides on an address that changed, from six sources.</summary>
    [Benchmark(Description = "agree on an address, 6 sources")]
    public object Agree() => AgreementRule.Decide(_observations, _options, _last);

    /// <summary>Plans a record whose address changed.</summary>
    [Benchmark(Description = "plan a record")]
    public object Plan() =>
        Planner.Plan(
            Key,
            _record,
            new Evidence.Agreed(AddressSet.Of(s_now)),
            new LookupResult<RRset?>.Available(new RRset(Key, 300, AddressSet.Of(s_before))),
            new Ownership(AddressSet.Of(s_before), AddressSet.Empty)
        );

    private static Observation.Seen Seen(string server, EvidenceClass @class) =>
        new(SourceId.Of(new Uri(server), @class), s_now);
}
