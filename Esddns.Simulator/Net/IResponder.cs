using System.Net;

namespace Esddns.Simulator.Net;

/// <summary>Answers the messages of one protocol.</summary>
internal interface IResponder
{
    /// <summary>The service names for faults, over UDP and over TCP.</summary>
    (string Udp, string Tcp) Services { get; }

    /// <summary>
    /// Returns the answer to one message; null for no answer. If set, <paramref name="wrongAddress"/> is the reported
    /// address.
    /// </summary>
    byte[]? Answer(ReadOnlySpan<byte> message, IPEndPoint from, bool overTcp, IPAddress? wrongAddress);

    /// <summary>Reads one message from a connection; null at the end of the connection.</summary>
    Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken);

    /// <summary>Frames an answer for TCP.</summary>
    byte[] Frame(byte[] answer);
}
