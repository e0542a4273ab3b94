using System.Buffers;
using System.Globalization;
using System.Net;
using Esddns.Access;
using Esddns.Text;

namespace Esddns.Web.Access;

/// <summary>Reads the section <c>Esddns:Web</c>, and collects all mistakes.</summary>
internal sealed class AccessSettings(IConfiguration configuration)
{
    private const string Root = "Esddns:Web";
    private const string Reading = $"{Root}:Access:Reading";
    private const string Token = $"{Root}:Access:TokenFile";
    private const string Passwords = $"{Root}:Access:PasswordFile";
    private const string ProxyHeader = $"{Root}:Access:ProxyHeader";
    private const string TrustedProxies = $"{Root}:Access:TrustedProxies";
    private const string OperatorToken = $"{Root}:OperatorTokenFile";
    private const string MaxStreams = $"{Root}:MaxStreams";

    /// <summary>The greatest maximum of streams: each takes about 20 kB.</summary>
    private const int StreamLimit = 100_000;

    /// <summary>The characters of a header's name (RFC 9110, section 5.6.2).</summary>
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>Headers that visitors send themselves.</summary>
    private static readonly HashSet<string> s_ofVisitors = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Connection",
        "Cookie",
        "Host",
        "Origin",
        "Referer",
        "User-Agent",
    };

    private readonly List<string> _errors = [];

    /// <summary>All settings of the section (docs/configuration.md).</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [OperatorToken, MaxStreams, Reading, Token, Passwords, ProxyHeader, TrustedProxies];

    /// <summary>Reads the section.</summary>
    /// <exception cref="InvalidSettingsException">The section has mistakes.</exception>
    public static AccessOptions Read(IConfiguration configuration)
    {
        var settings = new AccessSettings(configuration);
        var options = settings.Read();
        return settings._errors.Count == 0 ? options : throw new InvalidSettingsException(settings._errors);
    }

    private AccessOptions Read()
    {
        var options = new AccessOptions
        {
            Token = ReadToken(Token),
            Passwords = ReadPasswords(),
            ProxyHeader = ReadHeader(),
            TrustedProxies = [.. Values(TrustedProxies).Select(ReadNetwork).OfType<IPNetwork>()],
            OperatorToken = ReadToken(OperatorToken),
            MaxStreams = ReadMaxStreams(),
        };
        // Who configures credentials and nothing else expects that they are needed.
        options = options with
        {
            IsReadingClosed = ReadIsClosed() ?? options.HasCredentials,
        };
        if (options.IsReadingClosed && !options.HasCredentials)
            Error(Reading, "Closed needs TokenFile, PasswordFile or ProxyHeader.");
        if (options.ProxyHeader is not null && Values(TrustedProxies).Count == 0)
            Error(ProxyHeader, "needs TrustedProxies, because any client can send this header.");
        foreach (var key in Below(Root).Where(key => !Keys.Any(known => IsAt(key, known))))
            Error(key, "unknown setting; see docs/configuration.md.");
        return options;
    }

    private bool? ReadIsClosed()
    {
        if (Text(Reading) is not { } text)
            return null;
        var isClosed = text.Equals("Closed", StringComparison.OrdinalIgnoreCase);
        if (!isClosed && !text.Equals("Open", StringComparison.OrdinalIgnoreCase))
            Error(Reading, $"'{text}' is not one of Open, Closed.");
        return isClosed;
    }

    private int ReadMaxStreams()
    {
        if (Text(MaxStreams) is not { } text)
            return new AccessOptions().MaxStreams;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= StreamLimit
        )
            return count;
        Error(MaxStreams, $"'{text}' is not a whole number from 1 to {StreamLimit}.");
        return 0;
    }

    private ApiToken? ReadToken(string key)
    {
        if (Text(key) is not { } file)
            return null;
        var token = new ApiToken(null, file);
        token.Read(out var problem);
        if (problem is not null)
            Error(key, $"{file} {problem}");
        return token;
    }

    private PasswordFile? ReadPasswords()
    {
        if (Text(Passwords) is not { } file)
            return null;
        var passwords = new PasswordFile(file);
        if (passwords.Check() is { } problem)
            Error(Passwords, $"{file} {problem}");
        return passwords;
    }

    private string? ReadHeader()
    {
        var name = Text(ProxyHeader);
        if (name is not null && name.AsSpan().ContainsAnyExcept(s_nameCharacters))
            Error(ProxyHeader, $"'{name}' is not the name of a header like X-Remote-User.");
        else if (name is not null && (s_ofVisitors.Contains(name) || Caller.IsOfForwarding(name)))
            Error(ProxyHeader, $"'{name}' is a header of each request; use one like X-Remote-User.");
        return name;
    }

    private IPNetwork? ReadNetwork(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            address = Caller.Plain(address);
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        var isNetwork = IPNetwork.TryParse(text, out var network);
        if (isNetwork && network.PrefixLength > 0)
            return network;
        Error(
            TrustedProxies,
            isNetwork
                ? $"'{text}' is all addresses, so that each client could name itself."
                : $"'{text}' is not an address like 192.0.2.7, or a network like 10.0.0.0/8."
        );
        return null;
    }

    private string? Text(string key) =>
        configuration[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>A list: an array, or one text with commas.</summary>
    private IReadOnlyList<string> Values(string key) =>
        [
            .. configuration
                .GetSection(key)
                .AsEnumerable()
                .SelectMany(s =>
                    (s.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                ),
        ];

    private IEnumerable<string> Below(string section) =>
        configuration.GetSection(section).AsEnumerable().Where(s => s.Value is not null).Select(s => s.Key);

    /// <summary>Whether a key is that of a setting, or of an entry of its list.</summary>
    private static bool IsAt(string key, string setting) =>
        key.Equals(setting, StringComparison.OrdinalIgnoreCase)
        || (setting == TrustedProxies && key.StartsWith($"{setting}:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds an error. It is cleaned to one line, because it may repeat a value.</summary>
    private void Error(string key, string what) => _errors.Add(UntrustedText.Clean($"{key}: {what}"));
}
