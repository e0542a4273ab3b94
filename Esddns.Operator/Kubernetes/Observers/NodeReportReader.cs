using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Esddns.Operator.Discovery;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Observers;

/// <summary>Reads the reports of the nodes, for the leader. A report expires after three heartbeats.</summary>
internal sealed class NodeReportReader(
    LeaderInformers informers,
    LocalObservations local,
    KubernetesOptions options,
    TimeProvider time
) : IPeerObservations
{
    private const int NamesShown = 10;

    /// <inheritdoc/>
    public IEnumerable<Observation.Seen> Of(IpFamily family) =>
        from lease in Unexpired()
        let node = lease.Spec.HolderIdentity
        where node != options.NodeName
        from observation in ReadObservations(lease)
        let address = IPAddress.TryParse(observation.Address, out var a) ? a : null
        where
            address is not null
            && (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) == (family == IpFamily.IPv4)
        select new Observation.Seen(
            new SourceId(observation.Source, observation.Class, observation.Operator, node),
            address
        );

    /// <summary>
    /// The addresses that nodes agree on: those of <paramref name="nodes"/>, or of all nodes but this one.
    /// </summary>
    public IEnumerable<IPAddress> Addresses(IReadOnlySet<string>? nodes)
    {
        var own =
            nodes?.Contains(options.NodeName) == true
                ? local.Wan.Where(w => w.Verdict == VerdictKind.Agreed).Select(w => w.Address!)
                : [];
        return own.Concat(
                Unexpired()
                    .Where(l =>
                        l.Spec.HolderIdentity != options.NodeName && nodes?.Contains(l.Spec.HolderIdentity!) != false
                    )
                    .SelectMany(AgreedOn)
            )
            .Distinct();
    }

    /// <summary>The nodes that see each address.</summary>
    public ImmutableArray<NodeView> Views() =>
        [
            .. from lease in Unexpired()
            from address in AgreedOn(lease)
            group lease.Spec.HolderIdentity by address into seen
            select new NodeView(seen.Key, seen.Count(), [.. seen.Order(StringComparer.Ordinal).Take(NamesShown)]),
        ];

    /// <summary>The number of reports that are current, and of those that have expired; null on a follower.</summary>
    public (int Current, int Expired)? Counts()
    {
        if (!informers.IsRunning)
            return null;
        var current = Unexpired().Count();
        return (current, informers.Reports.Objects.Count - current);
    }

    /// <summary>The part of a report that affects records.</summary>
    public static string Fingerprint(Lease? lease) => lease is null ? "" : string.Join(',', AgreedOn(lease));

    private IEnumerable<Lease> Unexpired() =>
        !informers.IsRunning
            ? []
            : informers.Reports.Objects.Where(l =>
                l.Spec is { HolderIdentity: not null, RenewTime: { } renewed }
                && time.GetUtcNow() - renewed < options.Heartbeat * 3
            );

    private static IEnumerable<IPAddress> AgreedOn(Lease lease) =>
        Enum.GetValues<IpFamily>()
            .Select(f =>
                IPAddress.TryParse(
                    lease.GetAnnotation(NodeReportWriter.AddressAnnotation + f.ToString().ToLowerInvariant()),
                    out var address
                )
                    ? address
                    : null
            )
            .OfType<IPAddress>();

    /// <summary>The observations in a report; none when it cannot be parsed.</summary>
    public static IEnumerable<ReportedObservation> ReadObservations(Lease lease)
    {
        if (lease.GetAnnotation(NodeReportWriter.ObservationsAnnotation) is not { } text)
            return [];
        try
        {
            var observations = JsonSerializer.Deserialize(text, ReportJson.Default.ReportedObservationArray);
            return observations?.OfType<ReportedObservation>() ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
