namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>A token and, when there is one, its successor. Whichever worked last is tried first.</summary>
internal sealed class LiveDnsTokens(LiveDnsToken first, LiveDnsToken? second = null)
{
    private volatile bool _prefersSecond;

    /// <summary>The one to try first.</summary>
    public LiveDnsToken Preferred => _prefersSecond ? second! : first;

    /// <summary>The one to try when that is refused.</summary>
    public LiveDnsToken? Other => _prefersSecond ? first : second;

    /// <summary>Those of the configuration; when it has none, the one that the store keeps for that.</summary>
    public static LiveDnsTokens Of(LiveDnsOptions options, ITokenStore? store) =>
        new(
            Of(options.Token, options.TokenFile, options.Scheme) ?? Kept(store!, store!.DefaultName, options.Scheme),
            Of(options.SecondToken, options.SecondTokenFile, options.Scheme)
        );

    /// <summary>One that the store keeps.</summary>
    public static LiveDnsTokens Of(LiveDnsOptions options, ITokenStore store, string name) =>
        new(Kept(store, name, options.Scheme));

    /// <summary><paramref name="token"/> worked where the other did not.</summary>
    public void Prefer(LiveDnsToken token) => _prefersSecond = ReferenceEquals(token, second);

    private static LiveDnsToken Kept(ITokenStore store, string name, LiveDnsScheme scheme) =>
        new((out string? problem) => store.Find(name, out problem), name, scheme);

    private static LiveDnsToken? Of(string? value, string? file, LiveDnsScheme scheme) =>
        (value, file) switch
        {
            (_, { } path) => new LiveDnsToken(new CredentialFile(path).Read, $"the file {path}", scheme),
            ({ } text, _) => new LiveDnsToken(
                (out string? problem) => (problem = null, text).text,
                "the token",
                scheme
            ),
            _ => null,
        };
}
