namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>Options for a name server that accepts dynamic updates (RFC 2136).</summary>
internal sealed record UpdateOptions
{
    private const int DefaultPort = 53;

    /// <summary>The primary name server, <c>dns://host:port</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The zones that the key may update.</summary>
    public required IReadOnlyList<DomainName> Zones { get; init; }

    /// <summary>The name of the TSIG key (RFC 8945).</summary>
    public required DomainName KeyName { get; init; }

    /// <summary>The key. With <see cref="KeyFile"/>, the key at startup.</summary>
    public required TsigSecret Key { get; init; }

    /// <summary>
    /// The file that contains the secret of the key in Base64. It is read again when it changes. Null when the key is
    /// in the configuration.
    /// </summary>
    public string? KeyFile { get; init; }

    /// <summary>The time limit for connecting, and for each exchange. 1 s to 5 min, default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The port of <see cref="Server"/>.</summary>
    public int Port => Server.Port > 0 ? Server.Port : DefaultPort;
}
