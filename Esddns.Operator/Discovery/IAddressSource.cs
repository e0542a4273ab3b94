namespace Esddns.Operator.Discovery;

/// <summary>Somebody outside who can tell under which address we reach them.</summary>
internal interface IAddressSource
{
    /// <summary>Who it is.</summary>
    SourceId Id { get; }

    /// <summary>
    /// Asks once. A failure is an observation too; the only exception is the caller's cancellation, which is also how
    /// the caller's time limit arrives.
    /// </summary>
    Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken);
}
