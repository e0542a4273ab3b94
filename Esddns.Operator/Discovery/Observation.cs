using System.Net;
using Esddns.Text;

namespace Esddns.Operator.Discovery;

/// <summary>The result of polling one source once.</summary>
internal abstract record Observation(SourceId Source)
{
    /// <summary>The source reports that this host is reachable at <paramref name="Address"/>.</summary>
    internal sealed record Seen(SourceId Source, IPAddress Address) : Observation(Source)
    {
        /// <summary>How long the source took to answer; null when another node polled it.</summary>
        public double? Seconds { get; init; }
    }

    /// <summary>The source reported no usable address. This is not evidence about the address.</summary>
    /// <param name="Source">The source.</param>
    /// <param name="Reason">The reason. Text from outside is cleaned here.</param>
    internal sealed record Unavailable(SourceId Source, string Reason) : Observation(Source)
    {
        /// <inheritdoc cref="Unavailable(SourceId, string)"/>
        public string Reason { get; } = UntrustedText.Clean(Reason);
    }
}
