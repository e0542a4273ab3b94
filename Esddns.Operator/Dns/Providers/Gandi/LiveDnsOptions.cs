namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>Options for Gandi LiveDNS.</summary>
internal sealed record LiveDnsOptions
{
    /// <summary>The minimum TTL of LiveDNS in seconds.</summary>
    public const int MinTtl = 300;

    /// <summary>The maximum TTL of LiveDNS in seconds: 30 days.</summary>
    public const int MaxTtl = 2_592_000;

    /// <summary>The TTL range of LiveDNS.</summary>
    public static TtlRange Ttls { get; } = new(MinTtl, MaxTtl);

    /// <summary>The rate limit of LiveDNS: requests per minute from one IP address.</summary>
    public const int MaxRequestsPerMinute = 1000;

    /// <summary>The base URL, including <c>/v5/livedns</c>.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.gandi.net/v5/livedns");

    /// <summary>
    /// Whether the token may be sent unencrypted to another host, e.g. on a test network. Default false.
    /// </summary>
    public bool AllowHttp { get; init; }

    /// <summary>The token; null when it is in a file.</summary>
    public string? Token { get; init; }

    /// <summary>The file that contains the token. It is read again when it changes.</summary>
    public string? TokenFile { get; init; }

    /// <summary>
    /// The second token, used when the first is rejected. Configure the next token here before the first one expires.
    /// </summary>
    public string? SecondToken { get; init; }

    /// <summary>The file that contains the second token.</summary>
    public string? SecondTokenFile { get; init; }

    /// <summary>
    /// When the first token expires, for warnings, because the API does not report it. A date means its last second in
    /// UTC.
    /// </summary>
    public DateTimeOffset? TokenExpires { get; init; }

    /// <summary>The authentication scheme.</summary>
    public LiveDnsScheme Scheme { get; init; } = LiveDnsScheme.Auto;

    /// <summary>The time limit for one request. The API can take tens of seconds. 1 s to 5 min, default 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The files that contain tokens.</summary>
    public IEnumerable<string> AllTokenFiles => new[] { TokenFile, SecondTokenFile }.OfType<string>();

    /// <summary>
    /// The rate limit in requests per minute. 1 to <see cref="MaxRequestsPerMinute"/>, which is the default.
    /// </summary>
    public int RequestsPerMinute { get; init; } = MaxRequestsPerMinute;

    /// <summary>
    /// The maximum number of open requests of one account. Requests that are open for longer than 5 s do not count. 1
    /// to 64, default 8.
    /// </summary>
    public int MaxConcurrentRequests { get; init; } = 8;

    /// <summary>The text never contains the token.</summary>
    public override string ToString() => $"LiveDNS at {BaseUrl}";
}
