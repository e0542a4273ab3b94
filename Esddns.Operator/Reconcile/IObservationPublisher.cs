using System.Collections.Immutable;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>Whom this host tells what it sees.</summary>
internal interface IObservationPublisher
{
    /// <summary>Tells it; a failure is reported there, and is none of the round's.</summary>
    Task ReportAsync(ImmutableArray<WanState> wan, CancellationToken cancellationToken);
}
