using System.Collections.Immutable;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Addresses;

/// <summary>Publishes the observations of this host to other hosts.</summary>
internal interface IObservationPublisher
{
    /// <summary>Publishes the observations. The implementation reports a failure; it does not fail the round.</summary>
    Task ReportAsync(ImmutableArray<WanState> wan, CancellationToken cancellationToken);
}
