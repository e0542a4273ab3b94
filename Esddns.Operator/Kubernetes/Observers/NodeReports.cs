using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Esddns.Operator.Discovery;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Observers;

/// <summary>
/// The reports of the nodes, for the leader. A report expires after three heartbeats.
/// </summary>
internal sealed class NodeReports(
    LeaderInformers watches,
    LocalObservations local,
    KubernetesOptions options,
    TimeProvider time
) : IPeerObservations
{
    private const int NamesShown = 10;

    /// <inheritdoc/>
    public IEnumerable<Observation.Seen> Of(IpFamily family) =>
        from lease in Fresh()
        let node = lease.Spec.HolderIdentity
        where node != options.NodeName
        from said in Passed(lease)
        let address = IPAddress.TryParse(said.Address, out var a) ? a : null
        where
            address is not null
            && (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) == (family == IpFamily.IPv4)
        select new Observation.Seen(new SourceId(said.Source, said.Class, said.Operator, node), address);

    /// <summary>
    /// The addresses that nodes agree on: those of <paramref name="nodes"/>, or of all others than this one.
    /// </summary>
    public IEnumerable<IPAddress> Addresses(IReadOnlySet<string>? nodes)
    {
        var own =
            nodes?.Contains(options.NodeName) == true
                ? local.Wan.Where(w => w.Verdict == VerdictKind.Agreed).Select(w => w.Address!)
                : [];
        return own.Concat(
                Fresh()
                    .Where(l =>
                        l.Spec.HolderIdentity != options.NodeName && nodes?.Contains(l.Spec.HolderIdentity!) != false
                    )
                    .SelectMany(AgreedOn)
            )
            .Distinct();
    }

    /// <summary>Which nodes see what.</summary>
    public ImmutableArray<NodeView> Views() =>
        [
            .. from lease in Fresh()
            from address in AgreedOn(lease)
            group lease.Spec.HolderIdentity by address into seen
            select new NodeView(seen.Key, seen.Count(), [.. seen.Order(StringComparer.Ordinal).Take(NamesShown)]),
        ];

    /// <summary>What of a report concerns records.</summary>
    public static string Essence(Lease? lease) => lease is null ? "" : string.Join(',', AgreedOn(lease));

    private IEnumerable<Lease> Fresh() =>
        !watches.IsRunning
            ? []
            : watches.Reports.Objects.Where(l =>
                l.Spec is { HolderIdentity: not null, RenewTime: { } renewed }
                && time.GetUtcNow() - renewed < options.Heartbeat * 3
            );

    private static IEnumerable<IPAddress> AgreedOn(Lease lease) =>
        Enum.GetValues<IpFamily>()
            .Select(f =>
                IPAddress.TryParse(
                    lease.GetAnnotation(NodeReport.AddressAnnotation + f.ToString().ToLowerInvariant()),
                    out var address
                )
                    ? address
                    : null
            )
            .OfType<IPAddress>();

    /// <summary>The answers in a report; none when it cannot be understood.</summary>
    public static IEnumerable<ReportedAnswer> Passed(Lease lease)
    {
        try
        {
            return lease.GetAnnotation(NodeReport.ObservationsAnnotation) is { } text
                ? JsonSerializer.Deserialize(text, ReportJson.Default.ReportedAnswerArray)?.OfType<ReportedAnswer>()
                    ?? []
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
