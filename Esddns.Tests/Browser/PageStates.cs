using Esddns.Contracts;

namespace Esddns.Tests.Browser;

/// <summary>A status of the operator for each state that the page shows.</summary>
internal static class PageStates
{
    /// <summary>The address in all of them.</summary>
    public const string Address = "203.0.113.77";

    /// <summary>The name of the first record.</summary>
    public const string Home = "home.example.com";

    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    /// <summary>The names of all states, for theories.</summary>
    public static TheoryData<string> Names => [.. s_all.Keys];

    private static readonly Dictionary<string, Func<StatusDocument>> s_all = new()
    {
        ["in sync"] = () => InSync,
        ["several records"] = () => Several,
        ["no agreement"] = () => NoAgreement,
        ["provider down"] = () => ProviderDown,
        ["drift"] = () => Drift,
        ["stale"] = () => Stale,
        ["carrier NAT"] = () => CarrierNat,
        ["VPN"] = () => Vpn,
        ["flapping"] = () => Flapping,
        ["two families"] = () => TwoFamilies,
        ["cluster"] = () => Cluster,
        ["many records"] = () => Many,
        ["empty"] = () => Empty,
    };

    /// <summary>The record is correct at all name servers.</summary>
    public static StatusDocument InSync => Of(Record(Home));

    /// <summary>A few records, enough for the filter.</summary>
    public static StatusDocument Several =>
        Of([Record(Home), .. Enumerable.Range(1, 7).Select(i => Record($"www{i}.example.com"))]);

    /// <summary>The sources contradict each other; nothing is changed.</summary>
    public static StatusDocument NoAgreement
    {
        get
        {
            const string answers =
                "203.0.113.77 from stun://stun.example:3478, https://echo-a.example; "
                + "198.51.100.66 from https://echo-b.example, dns://resolver.example";
            const string reason = $"address unknown ({answers})";
            var record = Record(Home) with
            {
                InSync = false,
                State = "LeftAlone",
                Outcome = "Preserved",
                Reason = $"{reason}; record unchanged since 2026-11-26 20:00:00 UTC",
                Preserved = new PreservedStatus(Ago(300), reason),
            };
            var votes = Votes().Select((v, i) => i < 2 ? v : v with { Address = "198.51.100.66" });
            return Of(record) with
            {
                InSync = false,
                Wan = [Wan() with { Verdict = "Disagreed", IsKnown = false, Reason = answers, Votes = [.. votes] }],
                Transitions = [Transition(300, "InSync", "OutOfSync"), Transition(90_000, null, "InSync")],
            };
        }
    }

    /// <summary>The DNS provider does not answer.</summary>
    public static StatusDocument ProviderDown
    {
        get
        {
            const string message = "LiveDNS answered 503 Service Unavailable";
            var record = Record(Home) with
            {
                InSync = false,
                State = "Failed",
                Outcome = "Failed",
                Reason = message,
                Current = ["203.0.113.10"],
                LastError = new ErrorStatus(message, Ago(20), "server_error", s_now.AddSeconds(40)),
            };
            return Of(record) with { InSync = false, Transitions = [Transition(120, "InSync", "OutOfSync")] };
        }
    }

    /// <summary>Another client has changed the record, and a foreign value is kept.</summary>
    public static StatusDocument Drift =>
        Of(
            Record(Home) with
            {
                Current = [Address, "192.0.2.99"],
                Foreign = ["192.0.2.99"],
                Reason = "1 foreign value kept: 192.0.2.99; changed by another client at 2026-11-26 20:00:00 UTC",
                LastDrift = new DriftStatus(Ago(600), [Address], [Address, "192.0.2.99"]),
            }
        );

    /// <summary>This pod cannot read the state of the cluster any more.</summary>
    public static StatusDocument Stale =>
        Cluster with
        {
            Stale = new StaleStatus(Ago(120), "the API server timed out"),
        };

    /// <summary>The host is behind carrier-grade NAT.</summary>
    public static StatusDocument CarrierNat =>
        InSync with
        {
            Wan =
            [
                Wan() with
                {
                    IsBehindCarrierNat = true,
                    Signs = ["carrier-grade NAT: the router reports 100.64.3.4, which the internet cannot reach"],
                },
            ],
        };

    /// <summary>A source over HTTPS sees the exit of a VPN.</summary>
    public static StatusDocument Vpn =>
        InSync with
        {
            Wan = [Wan() with { Signs = ["the evidence classes report different addresses: a VPN may be in use"] }],
        };

    /// <summary>The address changes to and fro within the hold-down.</summary>
    public static StatusDocument Flapping =>
        NoAgreement with
        {
            Wan =
            [
                Wan() with
                {
                    Verdict = "Disagreed",
                    IsKnown = false,
                    Reason = "203.0.113.77 became 198.51.100.66 within the hold-down of 5 min",
                },
            ],
        };

    /// <summary>IPv4 and IPv6; a record waits for its first IPv6 address.</summary>
    public static StatusDocument TwoFamilies =>
        Of(
            Record(Home),
            Record(Home) with
            {
                Type = "AAAA",
                Key = new RecordKeyStatus("home", "example.com", "AAAA", Home),
                State = "Skipped",
                Reason = "this host has no public IPv6 address",
                Current = [],
                Desired = [],
                Propagation = null,
            },
            Record("other.example.com") with
            {
                State = "Pending",
                InSync = false,
                Current = null,
                LastVerified = null,
                LastWritten = null,
                Propagation = null,
                Sent = new SentStatus([Address], "no answer to the write"),
                Unanswered = Ago(30),
            }
        ) with
        {
            InSync = false,
            Wan = [Wan(), new WanStatus("IPv6", null, "Absent", [], [])],
        };

    /// <summary>Three nodes, and a leader.</summary>
    public static StatusDocument Cluster =>
        InSync with
        {
            By = "esddns-operator-x7k2p on node-1",
            Leader = "esddns-operator-x7k2p",
            Nodes = [new NodeStatus(Address, 2, ["node-1", "node-2"]), new NodeStatus("198.51.100.66", 1, ["node-3"])],
        };

    /// <summary>10,000 records; the last ones fail.</summary>
    public static StatusDocument Many =>
        Of([
            .. Enumerable
                .Range(0, 10_000)
                .Select(i =>
                    i < 9_990
                        ? Record($"host-{i:0000}.example.com")
                        : Record($"host-{i:0000}.example.com") with
                        {
                            InSync = false,
                            State = "Failed",
                            Outcome = "Failed",
                            Reason = "LiveDNS answered 403 Forbidden",
                        }
                ),
        ]) with
        {
            InSync = false,
        };

    /// <summary>No records and no round yet.</summary>
    public static StatusDocument Empty => new(0, s_now, false, [], [], [], "here");

    /// <summary>A status by its name.</summary>
    public static StatusDocument Named(string name) => s_all[name]();

    /// <summary>A record in sync.</summary>
    public static RecordStatus Record(string fqdn) =>
        new(
            fqdn,
            300,
            true,
            "A",
            "UpToDate",
            Key: new RecordKeyStatus(fqdn.Split('.')[0], "example.com", "A", fqdn),
            WantedBy: "the configuration",
            Desired: [Address],
            Current: [Address],
            Ours: [Address],
            Former: ["203.0.113.10"],
            Unread: [],
            Foreign: [],
            Outcome: "Noop",
            LastAttempt: Ago(12),
            LastVerified: Ago(12),
            LastWritten: Ago(7_200),
            Propagation: new PropagationStatus(true, [], 3, Ago(12), [Address]),
            Href: "https://api.gandi.net/v5/livedns/domains/example.com/records/home/A"
        );

    /// <summary>The agreed address of a family.</summary>
    public static WanStatus Wan() =>
        new(
            "IPv4",
            Address,
            "Agreed",
            Votes(),
            [],
            IsKnown: true,
            Previous: "203.0.113.10",
            Since: Ago(7_200),
            Participants: [new("stun.example", Ago(12)), new("echo-a.example", Ago(12))],
            CheckedAt: Ago(12),
            NextCheckAt: s_now.AddSeconds(288)
        );

    /// <summary>A status with these records.</summary>
    public static StatusDocument Of(params RecordStatus[] records) =>
        new(
            42,
            Ago(12),
            true,
            [Wan()],
            records,
            [Change(7_200, "203.0.113.10", Address, 1.8), Change(90_000, null, "203.0.113.10", 2.4)],
            "here",
            Nodes: [],
            Transitions:
            [
                Transition(7_200, "OutOfSync", "InSync"),
                Transition(7_202, "InSync", "OutOfSync"),
                Transition(90_000, null, "InSync"),
            ],
            TransitionsSince: Ago(90_001)
        );

    private static VoteStatus[] Votes() =>
        [
            new("stun://stun.example:3478", "Stun", Address, true, "stun.example", Seconds: 0.031),
            new("https://echo-a.example", "Https", Address, true, "echo-a.example", Seconds: 0.184),
            new("https://echo-b.example", "Https", Address, true, "echo-b.example", Seconds: 0.212),
            new("dns://resolver.example", "Dns", null, false, "resolver.example", "no answer within 5 s"),
        ];

    private static ChangeStatus Change(int seconds, string? from, string to, double took) =>
        new(
            Ago(seconds),
            Home,
            "A",
            from is null ? null : [from],
            [to],
            $"Canary: 3 providers report {to}",
            took,
            "here"
        );

    private static TransitionStatus Transition(int seconds, string? from, string? to) =>
        new(Ago(seconds), Home, "A", from, to);

    private static DateTimeOffset Ago(int seconds) => s_now.AddSeconds(-seconds);
}
