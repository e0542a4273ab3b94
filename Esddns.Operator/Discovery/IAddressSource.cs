using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery;

/// <summary>
/// A service that reports the address from which it receives requests of this host, or the interfaces of this host.
/// </summary>
internal interface IAddressSource
{
    /// <summary>The identity of the source.</summary>
    SourceId Id { get; }

    /// <summary>
    /// Polls the source once. A failure is an observation too. The method throws only when the caller cancels, which
    /// also happens at the time limit of the caller.
    /// </summary>
    Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken);
}
