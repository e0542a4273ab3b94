namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>A token and its optional successor. The one that worked last is used first.</summary>
internal sealed class LiveDnsTokens(LiveDnsToken first, LiveDnsToken? second = null)
{
    private volatile bool _prefersSecond;

    /// <summary>The token to use first.</summary>
    public LiveDnsToken Preferred => _prefersSecond ? second! : first;

    /// <summary>The token to use when <paramref name="token"/> is rejected; null when there is none.</summary>
    public LiveDnsToken? OtherThan(LiveDnsToken token) => ReferenceEquals(token, first) ? second : first;

    /// <summary>
    /// The tokens of the configuration; the default token of the store when the configuration has none.
    /// </summary>
    public static LiveDnsTokens Of(LiveDnsOptions options, ITokenStore? store) =>
        new(
            Of(options.Token, options.TokenFile, options.Scheme)
                ?? FromStore(store!, store!.DefaultName, options.Scheme),
            Of(options.SecondToken, options.SecondTokenFile, options.Scheme)
        );

    /// <summary>A named token of the store.</summary>
    public static LiveDnsTokens Of(LiveDnsOptions options, ITokenStore store, string name) =>
        new(FromStore(store, name, options.Scheme));

    /// <summary>Uses <paramref name="token"/> first from now on, because it worked and the other did not.</summary>
    public void Prefer(LiveDnsToken token) => _prefersSecond = ReferenceEquals(token, second);

    private static LiveDnsToken FromStore(ITokenStore store, string name, LiveDnsScheme scheme) =>
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
