namespace Esddns.Operator.Dns.Gandi;

/// <summary>The token and, when there is one, its successor. Whichever worked last is tried first.</summary>
internal sealed class LiveDnsTokens(LiveDnsOptions options)
{
    private readonly LiveDnsToken _first = new(options.Token, options.TokenFile, options.Scheme);
    private readonly LiveDnsToken? _second = options is { SecondToken: null, SecondTokenFile: null }
        ? null
        : new LiveDnsToken(options.SecondToken, options.SecondTokenFile, options.Scheme);

    private volatile bool _prefersSecond;

    /// <summary>The one to try first.</summary>
    public LiveDnsToken Preferred => _prefersSecond ? _second! : _first;

    /// <summary>The one to try when that is refused.</summary>
    public LiveDnsToken? Other => _prefersSecond ? _first : _second;

    /// <summary><paramref name="token"/> worked where the other did not.</summary>
    public void Prefer(LiveDnsToken token) => _prefersSecond = ReferenceEquals(token, _second);
}
