namespace Esddns.Simulator.Faults;

/// <summary>The effect of a fault.</summary>
internal enum FaultEffect
{
    /// <summary>Delays the answer by <see cref="Fault.LatencyMs"/>.</summary>
    Latency,

    /// <summary>HTTP: answers with the configured status and body.</summary>
    Status,

    /// <summary>HTTP: closes the connection in the middle of the body. Datagrams: sends half of the answer.</summary>
    Truncate,

    /// <summary>Resets the connection; sends no answer to a datagram.</summary>
    Reset,

    /// <summary>STUN and echo: reports <see cref="Fault.Address"/> instead of the WAN address.</summary>
    WrongAddress,

    /// <summary>Never answers.</summary>
    Silence,

    /// <summary>
    /// LiveDNS: answers a read from a replica that is <see cref="Fault.Lag"/> changes of the zone behind.
    /// </summary>
    StaleRead,

    /// <summary>LiveDNS: validates and acknowledges a write, but does not store it.</summary>
    LostWrite,

    /// <summary>
    /// LiveDNS: stores and answers a write after <see cref="Fault.LatencyMs"/>, even if the client has disconnected.
    /// </summary>
    LateWrite,
}
