namespace Esddns.Operator.Discovery;

/// <summary>The address sources and the time limit for them.</summary>
internal sealed record DiscoveryOptions
{
    /// <summary>
    /// STUN servers, over UDP; <c>stun+tcp://</c> for TCP. The defaults belong to different providers.
    /// </summary>
    public IReadOnlyList<Uri> Stun { get; init; } =
    [
        new("stun://stun.l.google.com:19302"),
        new("stun://stun.cloudflare.com:3478"),
        new("stun://stun.nextcloud.com:3478"),
    ];

    /// <summary>
    /// Echo services that return the address of the caller and nothing else. The defaults are those of the old system.
    /// </summary>
    public IReadOnlyList<Uri> Echo { get; init; } =
    [new("https://api.ipify.org/?format=text"), new("https://checkip.amazonaws.com/"), new("https://ifconfig.me/ip")];

    /// <summary>Name servers that return the address of the client.</summary>
    public IReadOnlyList<Uri> Dns { get; init; } =
    [
        new("dns://resolver1.opendns.com/myip.opendns.com?type=A"),
        new("dns://1.1.1.1/whoami.cloudflare?type=TXT;class=CH"),
        new("dns://ns1.google.com/o-o.myaddr.l.google.com?type=TXT"),
    ];

    /// <summary>Whether the interfaces of the host are a source. Default true.</summary>
    public bool Interfaces { get; init; } = true;

    /// <summary>
    /// The time limit for one source. 100 ms to 40 s (RFC 8489 section 6.2.1 waits 39.5 s at most), default 5 s.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The providers of all configured sources, including this host. Their number is the maximum number of votes.
    /// </summary>
    public IReadOnlySet<string> Providers =>
        Stun.Concat(Echo).Concat(Dns).Select(SourceId.ProviderOf).Concat(Interfaces ? ["this host"] : []).ToHashSet();
}
