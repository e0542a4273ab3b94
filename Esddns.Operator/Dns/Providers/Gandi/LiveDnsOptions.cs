namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>How credentials are presented (<see href="https://api.gandi.net/docs/authentication/"/>).</summary>
internal enum LiveDnsScheme
{
    /// <summary>
    /// By the shape of the token: 24 letters and digits are a classic API key, all else is a personal access token.
    /// </summary>
    Auto,

    /// <summary><c>Authorization: Bearer</c>, for personal access tokens.</summary>
    Bearer,

    /// <summary><c>Authorization: Apikey</c>, for the classic keys that Gandi no longer makes.</summary>
    Apikey,
}

/// <summary>How to reach Gandi LiveDNS.</summary>
internal sealed record LiveDnsOptions
{
    /// <summary>The shortest TTL that LiveDNS takes, in seconds.</summary>
    public const int MinTtl = 300;

    /// <summary>The longest TTL that LiveDNS takes, in seconds: 30 days.</summary>
    public const int MaxTtl = 2_592_000;

    /// <summary>The times to live that LiveDNS takes.</summary>
    public static TtlRange Ttls { get; } = new(MinTtl, MaxTtl);

    /// <summary>How many requests a minute LiveDNS takes from one address.</summary>
    public const int MaxRequestsPerMinute = 1000;

    /// <summary>Up to and including <c>/v5/livedns</c>.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.gandi.net/v5/livedns");

    /// <summary>
    /// Whether the token may go to another host unencrypted, as on a test network. Never is the default.
    /// </summary>
    public bool AllowHttp { get; init; }

    /// <summary>The token itself, or null when it is in a file.</summary>
    public string? Token { get; init; }

    /// <summary>A file that holds the token; read again when it changes.</summary>
    public string? TokenFile { get; init; }

    /// <summary>
    /// A second token, tried when the first is refused: the next one, configured before the first expires.
    /// </summary>
    public string? SecondToken { get; init; }

    /// <summary>A file that holds the second token.</summary>
    public string? SecondTokenFile { get; init; }

    /// <summary>
    /// When the first token expires, for warnings: the API does not tell. Of a declared date, its last second in UTC.
    /// </summary>
    public DateTimeOffset? TokenExpires { get; init; }

    /// <summary>How the token is presented.</summary>
    public LiveDnsScheme Scheme { get; init; } = LiveDnsScheme.Auto;

    /// <summary>For one request. The API can take tens of seconds; 1 s to 5 min, default 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The files that hold tokens.</summary>
    public IEnumerable<string> TokenFiles => new[] { TokenFile, SecondTokenFile }.OfType<string>();

    /// <summary>1 to <see cref="MaxRequestsPerMinute"/>, the default.</summary>
    public int RequestsPerMinute { get; init; } = MaxRequestsPerMinute;

    /// <summary>Leaves the token out.</summary>
    public override string ToString() => $"LiveDNS at {BaseUrl}";
}
