using System.Net;
using Esddns.Operator.Discovery;
using Esddns.Operator.Net;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Support;

/// <summary>A source with a configurable answer: an address, or no answer until the caller cancels.</summary>
internal sealed class FakeSource(string name, EvidenceClass @class, string? address = null) : IAddressSource
{
    private int _queryCount;

    /// <summary>The reported address; null for no answer.</summary>
    public string? Address { get; set; } = address;

    /// <summary>The number of queries.</summary>
    public int QueryCount => Volatile.Read(ref _queryCount);

    /// <inheritdoc/>
    public SourceId Id { get; } =
        name.Contains("://", StringComparison.Ordinal) ? SourceId.Of(new Uri(name), @class) : new(name, @class, name);

    /// <summary>A poller of these sources.</summary>
    public static SourcePoller Poller(TimeProvider time, params IAddressSource[] sources) =>
        new(
            sources,
            new DiscoveryOptions(),
            ActivatorUtilities.CreateInstance<OperatorMetrics>(
                new ServiceCollection().AddMetrics().BuildServiceProvider()
            ),
            time
        );

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _queryCount);
        if (Address is null)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return new Observation.Seen(Id, IPAddress.Parse(Address!));
    }
}
