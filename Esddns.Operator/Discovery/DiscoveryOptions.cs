namespace Esddns.Operator.Discovery;

/// <summary>Whom to ask for the WAN address, and how long.</summary>
internal sealed record DiscoveryOptions
{
    /// <summary>STUN servers, asked over UDP; <c>stun+tcp://</c> for TCP. Operated by different companies.</summary>
    public IReadOnlyList<Uri> Stun { get; init; } =
    [
        new("stun://stun.l.google.com:19302"),
        new("stun://stun.cloudflare.com:3478"),
        new("stun://stun.nextcloud.com:3478"),
    ];

    /// <summary>
    /// Echo services that answer with the caller's address and nothing else. Those of the old system.
    /// </summary>
    public IReadOnlyList<Uri> Echo { get; init; } =
    [new("https://api.ipify.org/?format=text"), new("https://checkip.amazonaws.com/"), new("https://ifconfig.me/ip")];

    /// <summary>Name servers that answer with the asker's address.</summary>
    public IReadOnlyList<Uri> Dns { get; init; } =
    [
        new("dns://resolver1.opendns.com/myip.opendns.com?type=A"),
        new("dns://1.1.1.1/whoami.cloudflare?type=TXT;class=CH"),
        new("dns://ns1.google.com/o-o.myaddr.l.google.com?type=TXT"),
    ];

    /// <summary>Whether the host's own interfaces are asked as well. Default true.</summary>
    public bool Interfaces { get; init; } = true;

    /// <summary>For one source. 100 ms to 40 s (RFC 8489 section 6.2.1 waits 39.5 s at most), default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The providers of all configured sources: so many votes there can be at most, this host's own included.
    /// </summary>
    public IReadOnlySet<string> Providers =>
        Stun.Concat(Echo).Concat(Dns).Select(SourceId.ProviderOf).Concat(Interfaces ? ["this host"] : []).ToHashSet();
}
